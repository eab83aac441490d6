// The vote on fastify and mercurius, with its JIT from the first request on.
'use strict'

const fastify = require('fastify')
const mercurius = require('mercurius')
const { schema, start } = require('./selection.js')

start(async (resolvers, recognise, port) => {
  const app = fastify({ logger: false })
  app.register(mercurius, { schema, resolvers, jit: 1, context: (request) => recognise(request.headers.authorization) })
  app.get('/readyz', async () => ({ status: 'ready' }))
  await app.listen({ port, host: '127.0.0.1' })
  return () => app.close()
})
