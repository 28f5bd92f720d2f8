/**
 * What the app costs and how long it makes one wait: `npm run bench:host -- [--rounds 7] [--seconds 15] [--only table]...`
 *
 * Measured on the built app (npm run build first): the headless host in a process of its own, and its pages in
 * Chromium without a GPU. Figures are medians over the rounds; the aim stands beside each. Exits with 1 where
 * an aim is missed. Everything is in a temporary folder. Parts: start, first, table, run, live, rpc.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { runRowsUrl } from '../src/shared/api/files';
import { launchBrowser } from '../tests/shell/browser';
import { isMissed, lineOf, median, quantile, spread, type Figure } from './host/figures';
import { connect, startBuiltHost, startReportingHost, type RunningHost } from './host/hosts';
import { installProbe } from './host/in-page';
import { CURVES, POINTS_PER_CURVE, RUNS, writeLargeLibrary, writeQueuedRun } from './host/libraries';
import { HOST_COMMAND, runReportingHost } from './host/reporting-host';

const PARTS = ['start', 'first', 'table', 'run', 'live', 'rpc'] as const;
type Part = (typeof PARTS)[number];

/** How long one scrolls and pans. */
const SCROLL = 3000;
const CALLS = 2000;

if (process.argv[2] === HOST_COMMAND) await runReportingHost(process.argv[3]);
else await measure();

async function measure(): Promise<void> {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '7' },
      /** Of each of the three stretches in which the cost of live updates is taken. */
      seconds: { type: 'string', default: '15' },
      only: { type: 'string', multiple: true, default: [...PARTS] },
    },
  });
  const parts = new Set(values.only as Part[]);
  const rounds = Number(values.rounds);
  const scratch = mkdtempSync(join(tmpdir(), 'selvedge-bench-host-'));
  const browser = await launchBrowser();
  let missed = false;
  const tell = (figure: Figure): void => {
    missed ||= isMissed(figure);
    console.log(lineOf(figure));
  };
  try {
    const { length, 0: processor } = cpus();
    console.log(
      `${processor.model}, ${length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, load ${loadavg()[0].toFixed(1)}; ` +
        `Node ${process.versions.node}; Chromium ${browser.version()} without a GPU, 1280x800`,
    );
    const library = join(scratch, 'large');
    const long = parts.has('live') && parts.size === 1 ? '' : writeLargeLibrary(library);
    if (parts.has('start')) {
      await measureStart('a new library', browser, (round) => join(scratch, `new-${round}`), rounds, tell);
      await measureStart(`${RUNS} runs`, browser, () => library, rounds, tell);
    }
    if (parts.has('first')) await measureFirstRun(browser, join(scratch, 'first'), tell);
    if (parts.has('table') || parts.has('run') || parts.has('rpc')) {
      const host = await startBuiltHost(library);
      try {
        await untilQuiet(host);
        if (parts.has('rpc')) await measureCalls(host, tell);
        const page = await openPage(browser, host);
        if (parts.has('table')) await measureTable(page, rounds, tell);
        if (parts.has('run')) await measureRun(page, long, rounds, tell);
        await page.context().close();
      } finally {
        await host.close();
      }
    }
    if (parts.has('live')) await measureLive(join(scratch, 'live'), Number(values.seconds), tell);
  } finally {
    await browser.close();
    rmSync(scratch, { recursive: true, force: true });
  }
  process.exitCode = missed ? 1 : 0;
}

type Tell = (figure: Figure) => void;

async function openPage(browser: Browser, host: RunningHost): Promise<Page> {
  const context = await browser.newContext({ locale: 'en-US', viewport: { width: 1280, height: 800 } });
  await context.addInitScript(installProbe);
  const page = await context.newPage();
  await page.goto(host.url);
  await page.evaluate(() => window.probe.usable);
  return page;
}

/** The first start of a host checks the sample and loads its service: not what is measured afterwards. */
async function untilQuiet(host: RunningHost): Promise<void> {
  const client = await connect(host.url);
  const isBusy = async () =>
    (await client.host.datasets.list()).some(
      ({ state, checkedAt }) => state === 'checking' || checkedAt === null,
    );
  while (await isBusy()) await sleep(250);
  // Answered by the service, so it is there then.
  await client.host.setUp.catalogue();
  await sleep(2000);
  client.close();
}

/** What a newcomer waits for: from the first click on the sample to a step of training. Nothing is decoded yet. */
async function measureFirstRun(browser: Browser, library: string, tell: Tell): Promise<void> {
  const host = await startBuiltHost(library);
  try {
    const page = await openPage(browser, host);
    const begun = performance.now();
    const since = () => performance.now() - begun;
    await page.getByRole('link', { name: 'Train on the sample' }).click();
    await page.getByRole('button', { name: 'Train', exact: true }).click();
    await page.getByText('Running', { exact: true }).waitFor();
    tell({
      what: 'sample, first click to running',
      value: since(),
      unit: 'ms',
      aim: { atMost: 10_000 },
      note: '2 clicks',
    });
    const step = () =>
      page.evaluate(async () => {
        const answer = (await (await fetch('/data/runs?metrics=loss')).json()) as {
          rows: { step: number }[];
        };
        return answer.rows[0].step;
      });
    while ((await step()) < 1) await sleep(100);
    tell({
      what: 'sample, first click to the first step',
      value: since(),
      unit: 'ms',
      note: 'decoding, compiling and evaluating the untrained encoder in it',
    });
    await page.context().close();
  } finally {
    await host.close();
  }
}

async function measureStart(
  what: string,
  browser: Browser,
  libraryOf: (round: number) => string,
  rounds: number,
  tell: Tell,
): Promise<void> {
  const [answering, content, usable]: number[][] = [[], [], []];
  for (let round = 0; round < rounds; round++) {
    const host = await startBuiltHost(libraryOf(round));
    try {
      const page = await openPage(browser, host);
      answering.push(host.answered - host.spawned);
      usable.push((await page.evaluate(() => window.probe.usable)) - host.spawned);
      const first = await page.evaluate(
        () =>
          performance.timeOrigin +
          (performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN),
      );
      content.push(first - host.spawned);
      await page.context().close();
    } finally {
      await host.close();
    }
  }
  tell({
    what: `start, ${what}: address printed`,
    value: median(answering),
    unit: 'ms',
    note: spread(answering),
  });
  tell({ what: `start, ${what}: first content`, value: median(content), unit: 'ms', note: spread(content) });
  tell({
    what: `start, ${what}: runs page painted`,
    value: median(usable),
    unit: 'ms',
    aim: { atMost: 2000 },
    note: spread(usable),
  });
}

async function measureTable(page: Page, rounds: number, tell: Tell): Promise<void> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    await page.evaluate(() => (location.hash = '#/settings'));
    await page.waitForSelector('main h1:has-text("Settings")');
    await sleep(500);
    times.push(await page.evaluate(() => window.probe.click('nav a[href="#/runs"]', 'rows')));
  }
  tell({
    what: `table of ${RUNS} runs: click to rows painted`,
    value: median(times),
    unit: 'ms',
    aim: { atMost: 200 },
    note: spread(times),
  });

  const answers: number[] = [];
  let bytes = 0;
  for (let round = 0; round < rounds; round++) {
    const answer = await page.evaluate(
      async (url) => {
        const begun = performance.now();
        const body = await (await fetch(url)).arrayBuffer();
        return { time: performance.now() - begun, bytes: body.byteLength };
      },
      runRowsUrl(['loss', 'knn']),
    );
    answers.push(answer.time);
    bytes = answer.bytes;
  }
  const note = `${(bytes / 1e6).toFixed(2)} MB; ${spread(answers)}`;
  tell({ what: `table of ${RUNS} runs: /data/runs answered`, value: median(answers), unit: 'ms', note });

  await page.mouse.move(640, 500);
  const watching = page.evaluate((milliseconds) => window.probe.watchRows(milliseconds), SCROLL);
  const end = Date.now() + SCROLL;
  for (let turn = 0; Date.now() < end; turn++) {
    await page.mouse.wheel(0, turn % 60 < 40 ? 700 : -500);
    await sleep(8);
  }
  const { frames, blankFrames, seconds, rows } = await watching;
  if (rows < 100) throw new Error(`The wheel moved the table by ${rows} rows only: nothing was measured.`);
  tell({
    what: 'table scrolled by the wheel: frames with a blank row',
    value: blankFrames,
    unit: 'frames',
    aim: { atMost: 0 },
    note: `of ${frames}, past ${rows} rows`,
  });
  tell({ what: 'table scrolled by the wheel', value: frames / seconds, unit: 'frames/s' });
}

async function measureRun(page: Page, run: string, rounds: number, tell: Tell): Promise<void> {
  const what = `run of ${((CURVES * POINTS_PER_CURVE) / 1e6).toFixed(0)} M points`;
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    await page.evaluate(() => (location.hash = '#/runs'));
    const link = `[data-run] a[href="#/runs/${run}"]`;
    await page.evaluate(() => document.querySelector('[role=grid][aria-label=Runs]')?.scrollTo(0, 0));
    await page.waitForSelector(link);
    await sleep(500);
    times.push(await page.evaluate((selector) => window.probe.click(selector, 'charts'), link));
  }
  if (!(await page.evaluate(() => window.probe.chartsHaveInk()))) {
    throw new Error('A chart that counted as painted has no curve in it: nothing was measured.');
  }
  tell({
    what: `${what}: click to charts painted`,
    value: median(times),
    unit: 'ms',
    aim: { atMost: 300 },
    note: spread(times),
  });

  await sleep(1000);
  const rates: number[] = [];
  for (let round = 0; round < Math.min(3, rounds); round++) {
    rates.push(await page.evaluate((milliseconds) => window.probe.pan(milliseconds), SCROLL));
    await sleep(1000);
  }
  tell({
    what: `${what}: panned and zoomed`,
    value: median(rates),
    unit: 'frames/s',
    aim: { atLeast: 30 },
    note: spread(rates),
  });
}

async function measureLive(library: string, seconds: number, tell: Tell): Promise<void> {
  const run = writeQueuedRun(library);
  const host = await startReportingHost(library);
  const client = await connect(host.url);
  try {
    let points = 0;
    const listening = new AbortController();
    const stream = await client.host.events({ after: null }, { signal: listening.signal });
    const heard = (async () => {
      for await (const { event } of stream) {
        if (event.type === 'metrics')
          for (const { steps, names } of event.groups) points += steps.length * names.length;
      }
    })().catch(() => undefined);

    /** Shares of a core in three stretches, in percent. */
    const shares = async (): Promise<number[]> => {
      const out: number[] = [];
      for (let stretch = 0; stretch < 3; stretch++) {
        const [before, begun] = [await host.used(), performance.now()];
        await sleep(seconds * 1000);
        out.push((((await host.used()) - before) / ((performance.now() - begun) / 1000)) * 100);
      }
      return out;
    };
    await sleep(3000);
    const idle = await shares();
    await client.host.runs.startQueue();
    await sleep(5000);
    points = 0;
    const begun = performance.now();
    const busy = await shares();
    const rate = points / ((performance.now() - begun) / 1000);
    if (rate < 60)
      throw new Error(`Only ${rate.toFixed(0)} points a second came through: nothing was measured.`);
    tell({ what: 'host without a run', value: median(idle), unit: '% of a core', note: spread(idle) });
    tell({
      what: 'host with a run of 8 metrics at 10 Hz, one window: more by',
      value: median(busy) - median(idle),
      unit: '% of a core',
      aim: { atMost: 2 },
      note: `${rate.toFixed(0)} points/s heard; in all ${spread(busy)}`,
    });
    await client.host.runs.stop({ run });
    listening.abort();
    await heard;
  } finally {
    client.close();
    await host.close();
  }
}

async function measureCalls(host: RunningHost, tell: Tell): Promise<void> {
  const client = await connect(host.url);
  const times: number[] = [];
  for (let call = 0; call < CALLS + 200; call++) {
    const begun = performance.now();
    await client.host.host.info();
    // The first ones warm both ends up.
    if (call >= 200) times.push(performance.now() - begun);
  }
  client.close();
  tell({
    what: 'host.info over WebSocket, median',
    value: median(times),
    unit: 'ms',
    note: `${CALLS} calls`,
  });
  tell({ what: 'host.info over WebSocket, 95th percentile', value: quantile(times, 0.95), unit: 'ms' });
}
