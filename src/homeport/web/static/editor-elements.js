// Makes elements in one line each.

/**
 * Return a new element without the `null` children. Properties such as `className` are set, the rest are attributes.
 * @param {string} tag
 * @param {Object<string, any>} [properties]
 * @param {...(Node | string | null)} children
 */
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name in element) element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

/** Return a button of the studio. */
export function button(words, onclick, className = "small") {
  return make("button", { type: "button", className: `button ${className}`, onclick }, words);
}
