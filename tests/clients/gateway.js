// A gateway before the API and a subgraph of somebody else: composes both, answers one query, and prints what it got.
import { getStitchedSchemaFromSupergraphSdl } from "@graphql-tools/federation";
import { buildHTTPExecutor } from "@graphql-tools/executor-http";
import { composeServices } from "@theguild/federation-composition";
import { execute, parse, print } from "graphql";

const VISITS = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.0", import: ["@key"])
type Query { visited: [Project!]! }
type Project @key(fields: "id") { id: ID! visits: Int! }
type Campaign @key(fields: "slug") { slug: String! hotline: String! }`;
const entities = {
  Project: ({ id }) => ({ __typename: "Project", id, visits: 100 * Number(id.split("/")[2]) }),
  Campaign: ({ slug }) => ({ __typename: "Campaign", slug, hotline: `12345/${slug}` }),
};

/** The other subgraph: the candidates that were visited most, and a number to call. */
function visits({ variables }) {
  const asked = variables?.representations;
  if (asked) return { _entities: asked.map((entity) => entities[entity.__typename](entity)) };
  return { visited: [17, 3].map((number) => entities.Project({ id: `project/shanghai-2017/${number}` })) };
}

const [url] = process.argv.slice(2);
const api = buildHTTPExecutor({ endpoint: url, headers: (request) => request?.context?.headers ?? {} });
const { data, errors } = await api({ document: parse("{ _service { sdl } }") });
if (errors) throw new Error(JSON.stringify(errors));
const composed = composeServices([
  { name: "pingxuan", url, typeDefs: parse(data._service.sdl) },
  { name: "visits", url: "http://visits.invalid/graphql", typeDefs: parse(VISITS) },
]);
if (composed.errors) throw new Error(composed.errors.map((error) => error.message).join("\n"));

const asked = [];
const schema = getStitchedSchemaFromSupergraphSdl({
  supergraphSdl: composed.supergraphSdl,
  onSubschemaConfig: (subschema) => {
    const ours = subschema.name.toLowerCase() === "pingxuan";
    subschema.executor = (request) => {
      if (ours) asked.push(print(request.document));
      return ours ? api(request) : { data: visits(request) };
    };
  },
});
const query = `{ visited { visits number title campaign { hotline phase } }
  projects(first: 2) { nodes { number visits } } suspicions { totalCount } }`;
const context = { headers: { "accept-language": "en" } };
const answer = await execute({ schema, document: parse(query), contextValue: context });
process.stdout.write(JSON.stringify({ ...answer, byKey: asked.filter((text) => text.includes("_entities")).length }));
