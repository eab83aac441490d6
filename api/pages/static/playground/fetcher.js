// How GraphiQL reaches the server: queries and mutations by POST, subscriptions over graphql-transport-ws.
const { GraphiQL, graphqlWs } = window;

/** A fetcher that sends the session's token and keeps the one that a signIn returns; notify is told what to say, or null. */
export function fetcherFor(path, session, notify) {
  const url = new URL(path, location.href.replace(/^http/, "ws")).href;
  return async (params, options = {}) => {
    const headers = carrying(session.headers(), options.headers);
    const wsClient = graphqlWs.createClient({ url, connectionParams: headers }); // connects when something is subscribed to
    const send = GraphiQL.createFetcher({ url: path, wsClient, enableIncrementalDelivery: false });
    const answer = await send(params, { ...options, headers });
    if (params.operationName === "IntrospectionQuery") notify(answer.data?.__schema ? null : "noIntrospection");
    else if (answer.data) session.keep(answer.data);
    return answer;
  };
}

/** The tab's own headers win over the session's; their names may be written in any case. */
function carrying(sessions, own = {}) {
  const named = Object.keys(own).some((name) => name.toLowerCase() === "authorization");
  return named ? own : { ...sessions, ...own };
}
