/** Asks the browser to keep the lesson, where it came from a server: a file on a stick needs no keeper. */

addEventListener("load", () => {
  if (location.protocol.startsWith("http")) void navigator.serviceWorker?.register("sw.js");
});
