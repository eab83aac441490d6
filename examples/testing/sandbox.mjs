// A Pingxuan server for your JavaScript tests: a copy of this file is all you need, beside the command `pingxuan`.
//
//   const sandbox = await startSandbox();
//   const { lin } = sandbox.voters;                      // also wang, chen, expert, organizer, auditor
//   await ask(sandbox.url, "{ viewer { id } }", {}, lin.token);
//   await sandbox.setClock("2017-03-23T00:00:00+08:00"); // or moveClock(seconds), or tickClock(true)
//   await sandbox.reset();                               // as at first, in milliseconds
//   await sandbox.stop();

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/**
 * Start a sandbox. It ends with stop(), or with this process.
 *
 * command: how to call pingxuan, such as ["/srv/venv/bin/pingxuan"]. campaigns: campaign files instead of the selection of
 * 2017. at: what the clock shows at first. env: further environment variables.
 */
export async function startSandbox({ command = ["pingxuan"], campaigns = [], at, env = {} } = {}) {
  const options = [...campaigns.flatMap((file) => ["--campaign", file]), ...(at ? ["--at", at] : [])];
  const [program, ...first] = command;
  const child = spawn(program, [...first, "sandbox", "--with-parent", ...options], {
    env: { ...process.env, ...env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let log = "";
  child.stderr.setEncoding("utf8").on("data", (text) => (log += text));
  const ended = new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve); // after everything it has written
  });
  const line = new Promise((resolve) => createInterface({ input: child.stdout }).once("line", resolve));
  const started = await Promise.race([line, ended]);
  if (typeof started !== "string") throw new Error(`pingxuan sandbox did not start (exit code ${started}): ${log}`);
  const about = JSON.parse(started);

  return {
    ...about, // url, websocketUrl, controlUrl, databaseUrl, version, campaign
    voters: Object.fromEntries(about.voters.map((voter) => [voter.name, voter])), // each { name, id, token, roles }
    log: () => log,
    clock: async () => (await control("GET", about.controlUrl)).clock,
    setClock: (at) => changeClock({ at }),
    moveClock: (seconds) => changeClock({ move: seconds }),
    tickClock: (on) => changeClock({ tick: on }),
    reset: async () => (await control("POST", `${about.controlUrl}/reset`)).resetMilliseconds,
    stop: async () => {
      child.stdin.end();
      const code = await ended;
      if (code !== 0) throw new Error(`pingxuan sandbox ended with exit code ${code}: ${log}`);
    },
  };

  async function changeClock(change) {
    return (await control("POST", `${about.controlUrl}/clock`, change)).clock;
  }
}

/** The answer to an operation, { data, errors }, for the voter with this token or for nobody. */
export async function ask(url, query, variables = {}, token = undefined) {
  const headers = { "Content-Type": "application/json", "Accept-Language": "en" };
  if (token) headers.Authorization = `Bearer ${token}`;
  const response = await fetch(url, { method: "POST", headers, body: JSON.stringify({ query, variables }) });
  return response.json();
}

async function control(method, url, body) {
  const headers = { "Content-Type": "application/json", "Accept-Language": "en" };
  const response = await fetch(url, { method, headers, body: body && JSON.stringify(body) });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.errors[0].message);
  return answer;
}
