// PDL for CodeMirror 6: `StreamLanguage.define(pdl)`. Made from the tables of the compiler by `make docs`.
const kinds = {
  "definitionKeyword": "param fn record import let var",
  "keyword": "for while if else return break continue print show assert in by scattered local",
  "operatorKeyword": "and or not",
  "atom": "true false pi inf nan",
  "typeName": "bool i32 i64 u32 u64 f32 f64 c64 c128 part root string",
  "controlKeyword": "scatter gather allgather bcast reduce allreduce reduce_scatter redistribute",
  "variableName.standard": "abs sign floor ceil round trunc sqrt cbrt exp exp2 expm1 log log2 log10 log1p sin cos tan asin acos atan atan2 sinh cosh tanh asinh acosh atanh erf erfc gamma lgamma hypot isnan isinf isfinite fma where sum prod min max any all count argmin argmax minloc maxloc sum_by min_by max_by count_by bin arange zeros ones full zeros_like ones_like full_like linspace eye size rank ranks clock load save periodic clamped padded transpose outer scan exscan sort argsort unique compress filter top_k reversed reshape concat permute mean dot norm clamp real imag conj arg vdot fft ifft rfft irfft fft2 ifft2 fftn ifftn fftfreq random_bits random_bits_2 random random_normal random_int",
};

const kindOf = new Map(
  Object.entries(kinds).flatMap(([kind, words]) => words.split(" ").map((word) => [word, kind])));

// `holes` counts the braces that are open in each hole of a text, innermost last.
export const pdl = {
  name: "pdl",
  startState: () => ({ inText: false, holes: [] }),
  copyState: (state) => ({ inText: state.inText, holes: state.holes.slice() }),
  token(stream, state) {
    if (stream.sol()) { state.inText = false; state.holes = []; }
    if (state.inText) return textToken(stream, state);
    if (stream.eatSpace()) return null;
    if (stream.match(/^%%pdl\b.*/)) return "meta";
    if (stream.match(/^##.*/)) return "docComment";
    if (stream.match(/^#.*/)) return "comment";
    if (stream.match(/^"/)) { state.inText = true; return "string"; }
    if (stream.match(/^(0x[0-9a-fA-F_]+|[0-9][0-9_]*(\.[0-9][0-9_]*)?([eE][+-]?[0-9]+)?i?)/)) return "number";
    if (stream.match(/^\.\./)) return "operator";
    if (stream.match(/^\.[A-Za-z_]\w*/)) return "propertyName";
    const word = stream.match(/^[A-Za-z_]\w*/);
    if (word) return kindOf.get(word[0]) ?? "variableName";
    return symbolToken(stream, state);
  },
  languageData: { commentTokens: { line: "#" }, closeBrackets: { brackets: ["(", "[", "{", '"'] } },
};

function textToken(stream, state) {
  if (stream.match(/^"/)) { state.inText = false; return "string"; }
  if (stream.match(/^\\./)) return "escape";
  if (stream.match(/^\{/)) { state.inText = false; state.holes.push(0); return "brace"; }
  if (stream.match(/^[^"\\{]+/)) return "string";
  stream.next();
  return "string";
}

function symbolToken(stream, state) {
  const last = state.holes.length - 1;
  const symbol = stream.next();
  if (last >= 0 && symbol === "{") state.holes[last] += 1;
  if (last >= 0 && symbol === "}") {
    if (state.holes[last] === 0) { state.holes.pop(); state.inText = true; return "brace"; }
    state.holes[last] -= 1;
  }
  return "+-*/%@&|^~<>=!".includes(symbol) ? "operator" : "punctuation";
}
