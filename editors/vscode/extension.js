// Starts `pdlc lsp` and connects it with the editor; all that it shows comes from there.
const { workspace } = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");

let client;

exports.activate = () => {
  const settings = workspace.getConfiguration("pdl");
  const server = { command: settings.get("path"), args: ["lsp"] };
  client = new LanguageClient("pdl", "PDL", server, {
    documentSelector: [{ language: "pdl" }],
    initializationOptions: { ranks: settings.get("ranks") },
    synchronize: { fileEvents: workspace.createFileSystemWatcher("**/*.pdl") },
  });
  return client.start();
};

exports.deactivate = () => client?.stop();
