/**
 * The walls of the house: who may import whom. A break is a build error.
 * docs/architecture.md says why; tests/install/boundaries.test.ts proves that each rule bites.
 */

/** A room may import itself and these rooms, and no other. */
const rooms = {
  shared: [],
  engine: ['shared'],
  learning: ['shared', 'engine'],
  data: ['shared'],
  explorer: ['shared'],
  runner: ['shared', 'engine', 'learning', 'data', 'explorer'],
  main: ['shared', 'data'],
  preload: ['shared'],
  renderer: ['shared'],
};

/** A package that only one place of the house may touch. */
const keepers = {
  electron: ['^src/main/shell/electron/', '^src/preload/'],
  'better-sqlite3': ['^src/main/store/'],
  'onnxruntime-node': ['^src/engine/onnxruntime\\.ts$'],
  '@tensorflow/tfjs-node-gpu': ['^src/engine/'],
  '@tensorflow/tfjs-core': ['^src/engine/', '^src/learning/'],
  '@tensorflow/tfjs-backend-cpu': ['^src/engine/'],
  usearch: ['^src/explorer/'],
};

const escape = (text) => text.replace(/[/.-]/g, '\\$&');

module.exports = {
  forbidden: [
    ...Object.entries(rooms).map(([room, allowed]) => ({
      name: `room-${room}`,
      comment: `src/${room} imports ${allowed.length ? allowed.map((r) => `src/${r}`).join(', ') : 'nothing else of ours'}.`,
      severity: 'error',
      from: { path: `^src/${room}/` },
      to: { path: '^src/', pathNot: [room, ...allowed].map((r) => `^src/${r}/`) },
    })),
    ...Object.entries(keepers).map(([name, places]) => ({
      name: `keeper-${name}`,
      comment: `Only ${places.join(' and ')} may import ${name}.`,
      severity: 'error',
      from: { path: '^src/', pathNot: places },
      to: { path: `(^|node_modules/)${escape(name)}(/|$)` },
    })),
    {
      name: 'no-circular',
      comment: 'Two files that need each other are one idea, or need a third.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-orphans',
      comment: 'A file that nothing imports and that is not an entry is dead.',
      severity: 'error',
      from: {
        orphan: true,
        path: '^src/',
        pathNot: [
          '\\.d\\.ts$',
          '^src/(runner|preload|main/(cli|shell/electron|shell/headless))/index\\.ts$',
          '^src/renderer/main\\.ts$',
        ],
      },
      to: {},
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.svelte.ts', '.js', '.svelte', '.mjs'],
      conditionNames: ['import', 'svelte', 'node', 'default'],
    },
  },
};
