/**
 * The kernel's end of a page's answers: it shows nothing, and tells the forms of the page that it
 * is there, whichever of the two came first. It imports nothing, since it is sent as it is.
 */

/** @import { Model } from "./transport.js" */

const shared = /** @type {typeof globalThis & { kwlessonKernels?: Set<Model> }} */ (globalThis);
shared.kwlessonKernels ??= new Set();
const kernels = shared.kwlessonKernels;

export default {
  /** @param {{ model: Model }} frame */
  render({ model }) {
    kernels.add(model);
    document.dispatchEvent(new Event("kwlesson:kernels"));
    return () => {
      kernels.delete(model);
      document.dispatchEvent(new Event("kwlesson:kernels"));
    };
  },
};
