// graphql-ws alone: queries and mutations go over the socket too.
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { overOne } from './one-transport.js';

export function connect(url, token) {
  return overOne(
    createClient({
      url: url.replace('http', 'ws'),
      webSocketImpl: WebSocket,
      connectionParams: token ? { Authorization: `Bearer ${token}` } : {},
      retryAttempts: 0,
    })
  );
}
