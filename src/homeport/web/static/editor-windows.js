// Which windows are open: what an open one keeps for itself is not offered in another.

const own = Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, "0")).join(
  "",
);

/** The name of this window, as long as it is open. */
export const windowName = own;

// A lock goes away with its window, however that ends. Without locks (plain http) every text counts as left behind.
navigator.locks?.request(`homeport.window.${own}`, () => new Promise(() => {}));

/** Return those of the kept texts whose window is gone. */
export async function leftBehind(texts) {
  const held = (await navigator.locks?.query())?.held ?? [];
  const open = new Set(held.map((lock) => lock.name.replace("homeport.window.", "")));
  return texts.filter(({ key }) => !open.has(key.slice(key.lastIndexOf(".") + 1)));
}
