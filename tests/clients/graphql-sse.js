// graphql-sse alone, with a stream for each operation.
import { createClient } from 'graphql-sse';
import { overOne } from './one-transport.js';

export const streaming = (singleConnection) => (url, token) =>
  overOne(
    createClient({ url, singleConnection, headers: token ? { Authorization: `Bearer ${token}` } : {}, retryAttempts: 0 })
  );

export const connect = streaming(false);
