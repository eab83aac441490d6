// Watches with the real clients: a query, a ballot that is seen, an operation that is refused. Prints what each one heard.
// Arguments: the endpoint, a token, the ids of a ballot, and the way: ws, distinct or single.
import { createClient as createSocketClient } from 'graphql-ws';
import { createClient as createStreamClient } from 'graphql-sse';
import WebSocket from 'ws';

const [url, token, ids, way] = process.argv.slice(2);
const authorization = `Bearer ${token}`;
const client =
  way === 'ws'
    ? createSocketClient({
        url: url.replace('http', 'ws'),
        webSocketImpl: WebSocket,
        connectionParams: { Authorization: authorization },
        retryAttempts: 0,
      })
    : createStreamClient({ url, singleConnection: way === 'single', headers: { authorization }, retryAttempts: 0 });

async function once(query, variables) {
  try {
    for await (const result of client.iterate({ query, variables })) return result;
  } catch (errors) {
    return { errors };
  }
}

const WATCH = 'subscription { resultsChanged(first: 3) { nodes { votes } } }';
const CAST = 'mutation ($ids: [ID!]!) { castBallot(input: { projectIds: $ids }) { ballot { day } } }';

const votes = [];
let counted;
for await (const result of client.iterate({ query: WATCH })) {
  votes.push(result.data.resultsChanged.nodes[0].votes);
  if (votes.length === 2) break;
  counted = await once(CAST, { ids: JSON.parse(ids) });
}
const campaign = await once('{ campaign { slug } }');
const refused = await once('{ campaign { slug }');
await client.dispose();
console.log(JSON.stringify({ votes, counted, campaign, refused }));
