/**
 * Messages to the kernels of a page, and their replies: each request has a ticket, and after some
 * patience the page goes on without a reply, which is heard even later.
 */

/**
 * What a widget's frame gives: its state, and a way to send and hear messages.
 * @typedef {object} Model
 * @property {(name: string) => any} get
 * @property {(event: string, listener: (message: any) => void) => void} on
 * @property {(event: string, listener: (message: any) => void) => void} off
 * @property {(content: object, callbacks?: undefined, buffers?: ArrayBuffer[]) => void} send
 * @property {{ kernel?: { status: string } | null }} [widget_manager] - As far as JupyterLab tells.
 */
/**
 * The way to the kernel of one activity on the page.
 * @typedef {object} Channel
 * @property {Model} model
 * @property {(message: any) => void} listener
 * @property {boolean} isAlive - Whether the kernel answered when it was last asked.
 */
/** @typedef {{ content: object, buffers?: ArrayBuffer[] }} Message */
/**
 * @typedef {object} Reply
 * @property {"ready" | "recorded" | "conflict" | "restored" | "forgotten" | "failed"} status
 * @property {string} ticket
 * @property {string} [message] - Why it failed.
 * @property {string[]} [messages] - What was restored, and what stayed.
 * @property {unknown} [workbook] - As the folder holds it now.
 * @property {string} [file]
 * @property {string} [problem] - Why the workbook cannot be read.
 * @property {string[]} [notices] - What is to be said of the folder or its file.
 */
/**
 * @template About
 * @typedef {object} Request
 * @property {Channel} channel
 * @property {About | undefined} about
 * @property {(reply: Reply | null | PromiseLike<Reply | null>) => void} done
 * @property {boolean} isLate
 */

const PATIENCE = 6000; // milliseconds without a word from the kernel, until the page says so
const CHUNK_BYTES = 1000000; // a server drops a connection that sends it ten million at once

/** Return a name that nothing else has. */
export function createToken() {
  const letters = "0123456789abcdefghijklmnopqrstuvwxyz";
  const chances = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(chances, (chance) => letters[chance % 36]).join("");
}

/**
 * Part a file into the messages that restore it.
 * @param {ArrayBuffer | Uint8Array} file
 * @param {number} [size]
 * @returns {Message[]}
 */
export function splitIntoChunks(file, size = CHUNK_BYTES) {
  const bytes = new Uint8Array(file);
  const starts = Array.from({ length: Math.max(1, Math.ceil(bytes.length / size)) }, (_, index) => index * size);
  return starts.map((start) => ({
    content: { type: "restore", last: start + size >= bytes.length },
    buffers: [bytes.slice(start, start + size).buffer],
  }));
}

/**
 * @template About
 * @param {(reply: Reply, channel: Channel, request: Request<About> | undefined) => void} onMessage
 * @param {number} [patience]
 */
export function createTransport(onMessage, patience = PATIENCE) {
  const clientId = createToken(); // several windows may hear one kernel
  /** @type {Set<Channel>} */
  const channels = new Set();
  /** @type {Map<string, Request<About>>} */
  const waiting = new Map();
  let tickets = 0;

  /**
   * @param {Reply | undefined} reply
   * @param {Channel} channel
   */
  const receive = (reply, channel) => {
    if (!reply?.status) return;
    const request = waiting.get(reply.ticket);
    waiting.delete(reply.ticket);
    channel.isAlive = true;
    onMessage(reply, channel, request);
  };

  /**
   * @param {Channel} channel
   * @param {object} content
   * @param {ArrayBuffer[]} [buffers]
   */
  const post = (channel, content, buffers) => {
    try {
      channel.model.send(content, undefined, buffers);
      return true;
    } catch {
      channel.isAlive = false;
      return false;
    }
  };

  /**
   * Resolve to the kernel's reply, or to null where it does not come in time.
   * @param {Channel} channel
   * @param {Message[]} messages
   * @param {About} [about] - What comes back with the reply.
   * @param {number} [more] - Milliseconds of patience on top, also where the kernel kept silent before.
   * @returns {Promise<Reply | null>}
   */
  const request = (channel, messages, about, more = 0) =>
    new Promise((done) => {
      const ticket = `${clientId}-${++tickets}`;
      /** @type {Request<About>} */
      const pending = { channel, about, done, isLate: false };
      waiting.set(ticket, pending);
      const isPosted = messages.every(({ content, buffers }) => post(channel, { ...content, ticket }, buffers));
      const giveUp = () => {
        if (!waiting.has(ticket)) return;
        pending.isLate = true;
        channel.isAlive = false;
        done(null);
      };
      if (isPosted && (channel.isAlive || more)) setTimeout(giveUp, patience + more);
      else giveUp();
    });

  return {
    request,
    /** Return whether a kernel was run for this page, dead or alive. */
    isConnected: () => channels.size > 0,
    /** Return the kernel to ask: one that answers, or else the last that came. */
    current: () => [...channels].reverse().sort((one, other) => Number(other.isAlive) - Number(one.isAlive))[0],
    /** @param {Channel} [but] */
    alive: (but) => [...channels].filter((channel) => channel !== but && channel.isAlive),
    /** @param {Channel} [channel] */
    isBusy: (channel) => channel?.model.widget_manager?.kernel?.status === "busy",
    /** @param {(about: About) => boolean} matches */
    isPending: (matches) =>
      [...waiting.values()].some(({ about, isLate }) => about !== undefined && !isLate && matches(about)),
    /**
     * @param {Model} model
     * @returns {Channel}
     */
    connect(model) {
      /** @type {Channel} */
      const channel = {
        model,
        listener: (reply) => receive(reply, channel),
        isAlive: true,
      };
      model.on("msg:custom", channel.listener);
      channels.add(channel);
      return channel;
    },
    /** @param {Channel} channel */
    disconnect(channel) {
      channel.model.off("msg:custom", channel.listener);
      channels.delete(channel);
      for (const [ticket, one] of waiting) {
        if (one.channel !== channel) continue;
        waiting.delete(ticket);
        one.done(null);
      }
    },
  };
}
