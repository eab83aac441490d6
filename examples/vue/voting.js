// Mounts the page: a client for the API, and what signs a guest in for it.
import { Client, cacheExchange, fetchExchange } from '@urql/vue';
import urql from '@urql/vue';
import { createApp } from 'vue';
import Vote from './Vote.vue';

export function mount(element, url) {
  let token = '';
  const client = new Client({
    url,
    exchanges: [cacheExchange, fetchExchange],
    fetchOptions: () => ({ headers: token ? { Authorization: `Bearer ${token}` } : {} }),
  });
  return createApp(Vote, { signedIn: (given) => (token = given) })
    .use(urql, client)
    .mount(element);
}
