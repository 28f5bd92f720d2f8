/** Before anything else: tells zod not to try `new Function`, which the pages' Content-Security-Policy refuses. */
import * as z from 'zod';

z.config({ jitless: true });
