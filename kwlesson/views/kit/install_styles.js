// Moves the stylesheet out of the output that brings it, so that it stays when that output does not.
for (const brought of document.querySelectorAll("style.kw-stylesheet:not(body > *)")) {
  document.querySelector("body > style.kw-stylesheet")?.remove();
  document.body.append(brought);
}
