// Colours `%%pdl` cells and .pdl files in JupyterLab 4. What a bundler would make of an extension, by hand: a container that JupyterLab
// gives its own packages to, and asks for the plugin.
(() => {
  let packages;
  const shared = async (name) => {
    const [version] = Object.values(packages[name]);
    return (await version.get())();
  };
  const mimeType = "text/x-pdl";

  // A cell changes its language with its first line.
  function colour(cell, notebook) {
    if (cell.type !== "code") return;
    const isPDL = /^%%pdl\b/.test(cell.sharedModel.getSource());
    if (isPDL) cell.mimeType = mimeType;
    else if (cell.mimeType === mimeType) cell.mimeType = notebook.codeMimetype;
  }

  function follow(notebook) {
    const followed = new WeakSet();
    const all = () => {
      for (const { model } of notebook.widgets) {
        if (!followed.has(model)) {
          followed.add(model);
          model.contentChanged.connect(() => colour(model, notebook));
          // The kernel's language comes late, and for all cells.
          model.mimeTypeChanged.connect(() => colour(model, notebook));
        }
        colour(model, notebook);
      }
    };
    notebook.modelContentChanged.connect(all);
    all();
  }

  async function plugin() {
    const [{ IEditorLanguageRegistry }, { INotebookTracker }, { LanguageSupport, StreamLanguage }, { pdl }] = await Promise.all([
      shared("@jupyterlab/codemirror"), shared("@jupyterlab/notebook"), shared("@codemirror/language"), import("./pdl.js"),
    ]);
    return {
      id: "pdlc:colours",
      autoStart: true,
      requires: [IEditorLanguageRegistry, INotebookTracker],
      activate(_, languages, notebooks) {
        languages.addLanguage({
          name: "pdl", displayName: "PDL", mime: mimeType, extensions: ["pdl"],
          support: new LanguageSupport(StreamLanguage.define(pdl)),
        });
        notebooks.forEach((panel) => follow(panel.content));
        notebooks.widgetAdded.connect((_, panel) => panel.revealed.then(() => follow(panel.content)));
      },
    };
  }

  (window._JUPYTERLAB ??= {}).pdlc = {
    init: (scope) => { packages = scope; },
    get: async () => {
      const found = await plugin();
      return () => ({ __esModule: true, default: found });
    },
  };
})();
