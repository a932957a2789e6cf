/** Runs the script that a notebook stores packed: as it is written, it would be a fifth of the file. */

const packed = /** @type {HTMLScriptElement} */ (document.querySelector("script.kw-packed")).text;
const bytes = Uint8Array.from(atob(packed), (sign) => sign.charCodeAt(0));
const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
const code = await new Response(stream).text();
await import(URL.createObjectURL(new Blob([code], { type: "text/javascript" })));

export {};
