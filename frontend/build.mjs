// Builds what the studio's scripts use of others into the folder of static files: one file each, its licence beside it,
// and a manifest that says what they are. `npm ci && npm run build`; the same input gives the same bytes.
import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";

const VENDORED = [{ name: "turndown", entry: "lib/turndown.browser.es.js" }];

const folder = process.argv[2] ?? join(import.meta.dirname, "../src/homeport/web/static");
await mkdir(folder, { recursive: true });

const manifest = [];
for (const { name, entry } of VENDORED) manifest.push(await vendor(name, entry));
await writeFile(join(folder, "vendor.json"), `${JSON.stringify(manifest, null, 2)}\n`);

async function vendor(name, entry) {
  const home = join(import.meta.dirname, "node_modules", name);
  const { version, license } = JSON.parse(await readFile(join(home, "package.json"), "utf8"));
  const file = `vendor-${name}.js`;
  const { outputFiles } = await build({
    entryPoints: [join(home, entry)],
    bundle: true,
    format: "esm",
    minify: true,
    target: "es2022",
    legalComments: "none",
    banner: { js: `/* ${name} ${version}, ${license}: vendor-${name}.txt */` },
    write: false,
  });
  const [{ contents }] = outputFiles;
  await writeFile(join(folder, file), contents);
  await writeFile(join(folder, `vendor-${name}.txt`), await readFile(join(home, "LICENSE")));
  return { name, version, licence: license, file, sha256: createHash("sha256").update(contents).digest("hex") };
}
