// The rules that schema.graphql keeps: all that @graphql-eslint recommends, and those of cursor connections.
import plugin from '@graphql-eslint/eslint-plugin';

const { configs, parser } = plugin;
const schema = new URL('../../schema.graphql', import.meta.url).pathname;

export default [
  {
    files: ['**/*.graphql'],
    plugins: { '@graphql-eslint': plugin },
    languageOptions: { parser, parserOptions: { graphQLConfig: { schema } } },
    rules: {
      ...configs['flat/schema-recommended'].rules,
      ...configs['flat/schema-relay'].rules,
      // What `node` finds has an id. The rest are values and pages, and an id that leads nowhere would promise too much.
      '@graphql-eslint/strict-id-in-types': 'off',
      // A score is read as it is sent: `{ criterion score }` goes from a review into the next `saveReview` as it is.
      '@graphql-eslint/no-typename-prefix': 'off',
      // The trail grows at its head while it is read, so it is paged in one direction only.
      '@graphql-eslint/relay-arguments': ['error', { includeBoth: false }],
      // A list without pages is short by its nature (the rules, the days of a vote), and `nodes` stands beside `edges`.
      // A result is what a project has reached, and an entry of the trail is read in its place: `node` finds neither.
      '@graphql-eslint/relay-edge-types': [
        'error',
        { withEdgeSuffix: true, shouldImplementNode: false, listTypeCanWrapOnlyEdgeType: false },
      ],
    },
  },
];
