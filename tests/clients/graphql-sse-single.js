// graphql-sse alone, with one stream for all operations.
import { streaming } from './graphql-sse.js';

export const connect = streaming(true);
