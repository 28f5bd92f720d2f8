/** How much the headless server takes from anybody, before it knows who asks. */

/** Of one WebSocket message, bytes: a form, or the ids of some thousand runs. */
export const MAX_MESSAGE = 1024 * 1024;
/** Of all headers of a request, bytes. */
export const MAX_HEADERS = 128 * 1024;
/** Of a URL, characters: the ids of some thousand runs. */
export const MAX_URL = 96 * 1024;
/** Windows at once. */
export const MAX_CLIENTS = 100;
/** Between two pings, milliseconds. A window that does not answer until the next one is gone. */
export const PING_EVERY = 15_000;
/** Where alone a request may have a body: an image to search with, at most MAX_QUERY_BYTES. */
export const BODY_PATH = '/queries';
