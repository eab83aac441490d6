// Walks the whole way of a vote with one client, and prints what it met: node journey.js CLIENT URL
// A client is a module with connect(url, token), which answers { ask, watch, close }:
//   ask(operation, variables) promises { data, errors }; watch(operation, variables, heard) hears data and returns a stop.
import { readFileSync } from 'node:fs';
import { parse, print } from 'graphql';

const [name, url] = process.argv.slice(2);
const { connect } = await import(`./${name}.js`);

const written = parse(readFileSync(new URL('operations.graphql', import.meta.url), 'utf8'));
const operations = Object.fromEntries(
  written.definitions.map((definition) => [definition.name.value, print(definition)])
);
const codes = ({ errors = [] }) => errors.map(({ extensions }) => extensions.code);
const numbers = ({ data }) => data.projects.nodes.map(({ number }) => number);

const nobody = connect(url, null);
const list = await nobody.ask(operations.Candidates, { first: 12 });
const ids = list.data.projects.nodes.map(({ id }) => id);
const page = await nobody.ask(operations.Candidates, { first: 3, after: list.data.projects.pageInfo.endCursor });
const ballot = (projectIds) => ({ input: { projectIds } });
const stranger = await nobody.ask(operations.Cast, ballot(ids));
const session = await nobody.ask(operations.SignIn, { with: { guest: { name: `${name} ${Date.now()}` } } });

const voter = connect(url, session.data.signIn.token);
const refused = await voter.ask(operations.Cast, ballot(ids.slice(0, 2)));
let hear;
const heard = [];
const update = () => new Promise((resolve) => (hear = resolve));
let next = update();
const stop = voter.watch(operations.Ranking, { first: 1 }, ({ resultsChanged }) => {
  heard.push(resultsChanged.nodes[0].votes);
  hear();
});
await next;
next = update();
const cast = await voter.ask(operations.Cast, ballot(ids));
await next;
stop();
await Promise.all([nobody.close(), voter.close()]);

console.log(
  JSON.stringify({
    total: list.data.projects.totalCount,
    list: numbers(list),
    page: numbers(page),
    stranger: codes(stranger),
    refused: refused.data.castBallot.violations.map(({ code, chosen }) => [code, chosen]),
    day: cast.data.castBallot.ballot.day,
    heard,
  })
);
process.exit();
