/* What a careful pair of eyes sees on a page. Each function returns a list of complaints. */
(() => {
  "use strict";
  const name = (element) => {
    const words = (element.innerText || element.getAttribute("aria-label") || element.name || "").trim().replace(/\s+/g, " ");
    return `<${element.tagName.toLowerCase()} ${element.className?.baseVal ?? element.className ?? ""}> ${words.slice(0, 50)}`;
  };
  const all = (selector) => [...document.querySelectorAll(selector)];
  const style = (element, part) => getComputedStyle(element, part);
  const hidden = (element) =>
    !element.checkVisibility({ visibilityProperty: true, opacityProperty: false }) ||
    element.closest(".visually-hidden, .honeypot, .skip-link, [aria-hidden=true]");
  const scrolls = (element) => {
    for (let parent = element.parentElement; parent && parent !== document.body; parent = parent.parentElement) {
      if (/auto|scroll/.test(style(parent).overflowX)) return true;
    }
    return false;
  };

  /* Nothing is wider than the window, unless it stands in a box that scrolls by itself. */
  const overflow = () => {
    const wide = document.documentElement.clientWidth;
    const found = [];
    if (document.documentElement.scrollWidth > wide) found.push(`the page is ${document.documentElement.scrollWidth} wide in ${wide}`);
    for (const element of all("body *")) {
      if (element.closest("svg") && element.tagName !== "svg") continue;
      if (hidden(element)) continue;
      const box = element.getBoundingClientRect();
      if (box.width === 0 || (box.right <= wide + 1 && box.left >= -1)) continue;
      if (!scrolls(element)) found.push(`${name(element)}: ${Math.round(box.left)} to ${Math.round(box.right)} in ${wide}`);
    }
    return found.slice(0, 5);
  };

  /* No words are cut off by a box with overflow: hidden. An ellipsis is meant, and is looked at by people. */
  const clipped = () => {
    const found = [];
    for (const element of all("body *")) {
      if (element.closest("svg") || hidden(element)) continue;
      const own = style(element);
      if (own.textOverflow === "ellipsis" || !/hidden|clip/.test(own.overflowX + own.overflowY)) continue;
      if (!element.innerText?.trim()) continue;
      const across = element.scrollWidth - element.clientWidth;
      const down = element.scrollHeight - element.clientHeight;
      if (across > 1 || down > 1) found.push(`${name(element)}: ${across} px across and ${down} px down are cut off`);
    }
    for (const element of all("button, .button, nav a, .filters select")) {
      if (hidden(element)) continue;
      if (element.tagName === "SELECT") {
        const text = element.selectedOptions[0]?.text ?? "";
        const own = style(element);
        const pen = document.createElement("canvas").getContext("2d");
        pen.font = `${own.fontWeight} ${own.fontSize} ${own.fontFamily}`;
        const room = element.clientWidth - parseFloat(own.paddingLeft) - parseFloat(own.paddingRight) - 20;
        if (pen.measureText(text).width > room + 1) found.push(`${name(element).slice(0, 20)}: no room for “${text}”`);
      } else if (element.scrollWidth > element.clientWidth + 1) {
        found.push(`${name(element)}: ${element.scrollWidth} px in ${element.clientWidth}`);
      }
    }
    return found.slice(0, 5);
  };

  /* The box in which a press counts: with the label of a tick box, and with the invisible edge of ::after. */
  const target = (element) => {
    let { left, right, top, bottom } = element.getBoundingClientRect();
    const grow = (box) => {
      left = Math.min(left, box.left); right = Math.max(right, box.right);
      top = Math.min(top, box.top); bottom = Math.max(bottom, box.bottom);
    };
    if (/checkbox|radio/.test(element.type)) for (const label of element.labels) grow(label.getBoundingClientRect());
    const after = style(element, "::after");
    if (after.content !== "none" && after.position === "absolute") {
      const around = style(element).position === "static" ? element.offsetParent : element;
      const box = around.getBoundingClientRect();
      grow({ left: box.left + parseFloat(after.left), right: box.right - parseFloat(after.right),
             top: box.top + parseFloat(after.top), bottom: box.bottom - parseFloat(after.bottom) });
    }
    return [right - left, bottom - top];
  };
  const targets = () => {
    const found = [];
    for (const element of all("a[href], button, input:not([type=hidden]), select, textarea, summary")) {
      if (hidden(element)) continue;
      const box = element.getBoundingClientRect();
      if (box.width === 0 || box.height === 0) continue;
      const inText = element.matches("a") && element.closest("p, dd, .prose li, td") && !element.matches(".button") && style(element).display.startsWith("inline");
      const [width, height] = target(element);
      const big = element.matches(".button, button, select, summary, input, textarea, nav a, footer a, .nav-links a");
      const least = big ? 44 : 24;
      if (inText && !big) continue; // a link among words is as tall as its line (WCAG 2.5.8)
      if (height < least - 0.5 || width < (big && !element.matches("nav a") ? 44 : 24) - 0.5)
        found.push(`${name(element)}: ${width.toFixed(0)} × ${height.toFixed(0)}, at least ${least}`);
    }
    return [...new Set(found)].slice(0, 8);
  };

  /* While axe looks, the bar at a phone's foot does not lie over what one would scroll to see. */
  const pinned = [];
  const unpin = () => {
    for (const element of all("body *")) {
      if (style(element).position !== "fixed") continue;
      element.style.position = "static";
      pinned.push(element);
    }
  };
  const pin = () => pinned.splice(0).forEach((element) => element.style.removeProperty("position"));

  window.look = { overflow, clipped, targets, unpin, pin };
})();
