// How a front-end developer tests against a Pingxuan server: node --test examples/testing/sandbox.test.mjs
// PINGXUAN names the command where it is not on the path.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";

import { ask, startSandbox } from "./sandbox.mjs";

const CAST = `mutation Cast($ids: [ID!]!) {
  castBallot(input: { projectIds: $ids }) { ballot { id day } violations { code message } }
}`;
const TEN = Array.from({ length: 10 }, (_, index) => `project/shanghai-2017/${index + 1}`);

let sandbox;
before(async () => {
  sandbox = await startSandbox({ command: [process.env.PINGXUAN ?? "pingxuan"] });
});
after(() => sandbox.stop());
beforeEach(() => sandbox.reset());

async function cast(voter, ids = TEN) {
  const { data } = await ask(sandbox.url, CAST, { ids }, voter.token);
  return data.castBallot;
}

test("a ballot is counted at once", async () => {
  assert.equal((await cast(sandbox.voters.lin)).ballot.day, "2017-03-22");
  const { data } = await ask(sandbox.url, "{ campaign { turnout { ballots } } }");
  assert.equal(data.campaign.turnout.ballots, 1);
});

test("nothing is left of the test before", async () => {
  const { data } = await ask(sandbox.url, "{ campaign { turnout { ballots } } }");
  assert.equal(data.campaign.turnout.ballots, 0);
});

test("the next ballot may be cast at midnight", async () => {
  const { lin } = sandbox.voters;
  await cast(lin);
  assert.equal((await cast(lin)).violations[0].code, "QUOTA_EXHAUSTED");
  await sandbox.setClock("2017-03-23T00:00:00+08:00");
  assert.equal((await cast(lin)).ballot.day, "2017-03-23");
});

test("after the vote nobody may cast", async () => {
  await sandbox.setClock("2017-03-31T11:59:59+08:00");
  assert.ok((await cast(sandbox.voters.wang)).ballot);
  await sandbox.moveClock(1);
  assert.deepEqual((await cast(sandbox.voters.lin)).violations.map(({ code }) => code), ["VOTING_CLOSED"]);
});

test("a clock that is told something else says what it understands", async () => {
  await assert.rejects(sandbox.setClock("tomorrow"), /an instant with an offset such as 2017-03-22T09:00:00\+08:00/);
});
