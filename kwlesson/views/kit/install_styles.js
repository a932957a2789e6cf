// Moves the stylesheet out of the output that brings it, so that it stays when that output does not.
for (const brought of document.querySelectorAll("style.kw-stylesheet:not(body > *)")) {
  const place = brought.parentElement;
  document.querySelector("body > style.kw-stylesheet")?.remove();
  document.body.append(brought);
  // A server that has widgets names what draws them.
  const config = JSON.parse(document.getElementById("jupyter-config-data")?.textContent || "{}");
  /** @type {{ name: string }[] | undefined} */
  const extensions = config.federated_extensions;
  const hasWidgets = extensions?.some(({ name }) => name === "@jupyter-widgets/jupyterlab-manager");
  if (hasWidgets === false) {
    const note = document.createElement("p");
    note.className = "kw";
    note.textContent =
      "This Jupyter server shows no widgets. Your answers stay in this browser, and to run cells adds no file: download your work before you leave. Whoever keeps the server can install jupyterlab_widgets beside JupyterLab.";
    place?.append(note);
  }
}
