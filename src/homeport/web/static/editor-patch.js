// Lets elements become others by changing only what is different, so that nothing flickers or jumps.

/**
 * Give `old` the attributes and children of `fresh`.
 * @param {Element} old
 * @param {Element} fresh
 */
export function patch(old, fresh) {
  attributes(old, fresh);
  const before = [...old.childNodes];
  const after = [...fresh.childNodes];
  while (before.length && after.length && before[0].isEqualNode(after[0])) [before.shift(), after.shift()];
  while (before.length && after.length && before.at(-1).isEqualNode(after.at(-1))) [before.pop(), after.pop()];
  const end = before.at(-1)?.nextSibling ?? placeAfter(old, fresh, after);
  while (before.length && after.length && isAlike(before[0], after[0])) become(before.shift(), after.shift());
  for (const node of before) node.remove();
  for (const node of after) old.insertBefore(old.ownerDocument.adoptNode(node), end);
}

/** Where nothing is taken out, the new nodes go before those that are the same at the end. */
function placeAfter(old, fresh, after) {
  if (!after.length) return null;
  const same = fresh.childNodes.length - [...fresh.childNodes].indexOf(after.at(-1)) - 1;
  return same ? old.childNodes[old.childNodes.length - same] : null;
}

const isAlike = (one, other) => one.nodeType === other.nodeType && one.nodeName === other.nodeName;

function become(old, fresh) {
  if (old.nodeType === Node.ELEMENT_NODE) patch(old, fresh);
  else old.data = fresh.data;
}

function attributes(old, fresh) {
  for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
}
