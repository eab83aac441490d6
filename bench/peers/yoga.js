// The vote on GraphQL Yoga and Node's own HTTP server: documents parsed and validated once, as Yoga does by itself, and compiled
// by graphql-jit; no logging, no page, nothing that a plain POST does not need.
'use strict'

const { createServer } = require('node:http')
const { useGraphQlJit } = require('@envelop/graphql-jit')
const { createSchema, createYoga } = require('graphql-yoga')
const { schema, start } = require('./selection.js')

start(async (resolvers, recognise, port) => {
  const yoga = createYoga({
    schema: createSchema({ typeDefs: schema, resolvers }),
    context: ({ req }) => recognise(req.headers.authorization),
    plugins: [useGraphQlJit()],
    healthCheckEndpoint: '/readyz',
    graphiql: false,
    landingPage: false,
    multipart: false,
    cors: false,
    logging: false
  })
  const server = createServer(yoga)
  await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve))
  return () => new Promise((resolve) => { server.close(resolve); server.closeAllConnections() })
})
