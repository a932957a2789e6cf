// Messages and replies: tickets, patience, and a file in parts.

import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { createTransport, splitIntoChunks } from "../../../kwlesson/answers/transport.js";
import { FakeModel } from "./fixtures.js";

const HELLO = [{ content: { type: "hello" } }];

function start(patience) {
  const heard = [];
  const transport = createTransport((reply, _channel, request) => {
    heard.push(reply.status);
    request?.done(reply);
  }, patience);
  const model = new FakeModel();
  return { heard, transport, model, channel: transport.connect(model) };
}

test("a reply goes to whoever asked, and to nobody else", async () => {
  const { transport, model, channel } = start();
  const one = transport.request(channel, HELLO);
  const other = transport.request(channel, HELLO);
  const [first, second] = model.sent.map(({ ticket }) => ticket);
  assert.notEqual(first, second);
  model.reply({ status: "ready", ticket: second, file: "second" });
  model.reply({ status: "ready", ticket: first, file: "first" });
  assert.deepEqual([(await one).file, (await other).file], ["first", "second"]);
});

test("the reply to another window is heard and answers no request of this one", async () => {
  const { heard, transport, model, channel } = start();
  const asked = transport.request(channel, HELLO);
  model.reply({ status: "recorded", ticket: "another-1" });
  assert.deepEqual(heard, ["recorded"]);
  model.answer("hello", { status: "ready" });
  assert.equal((await asked).status, "ready");
});

test("a message that is none of ours is not heard", () => {
  const { heard, model } = start();
  for (const message of [undefined, null, {}, { ticket: "x" }, { status: "" }]) model.reply(message);
  assert.deepEqual(heard, []);
});

test("after some patience the page goes on, and hears a late reply all the same", async () => {
  const { heard, transport, model, channel } = start(100);
  const asked = transport.request(channel, HELLO, "about it");
  assert.ok(transport.isPending((about) => about === "about it"));
  mock.timers.tick(100);
  assert.equal(await asked, null);
  assert.ok(!channel.isAlive && !transport.isPending(() => true));
  model.answer("hello", { status: "ready" });
  assert.deepEqual(heard, ["ready"]);
  assert.ok(channel.isAlive);
});

test("where a message cannot be sent, nobody waits", async () => {
  const { transport, model, channel } = start();
  model.isDead = true;
  assert.equal(await transport.request(channel, HELLO), null);
  assert.deepEqual(transport.alive(), []);
});

test("when a part of the page goes, its requests end", async () => {
  const { heard, transport, model, channel } = start();
  const asked = transport.request(channel, HELLO);
  transport.disconnect(channel);
  assert.equal(await asked, null);
  model.answer("hello", { status: "ready" });
  assert.deepEqual(heard, []);
  assert.deepEqual(transport.alive(), []);
});

for (const [length, size, parts] of [
  [0, 4, [0]],
  [3, 4, [3]],
  [4, 4, [4]],
  [9, 4, [4, 4, 1]],
]) {
  test(`a file of ${length} bytes goes in ${parts.length} parts, of which the last says so`, () => {
    const bytes = Uint8Array.from({ length }, (_, place) => place);
    const chunks = splitIntoChunks(bytes.buffer, size);
    assert.deepEqual(
      chunks.map(({ buffers }) => buffers[0].byteLength),
      parts,
    );
    assert.deepEqual(
      chunks.map(({ content }) => content.last),
      parts.map((_, place) => place === parts.length - 1),
    );
    const joined = chunks.flatMap(({ buffers }) => [...new Uint8Array(buffers[0])]);
    assert.deepEqual(joined, [...bytes]);
  });
}
