// A module of its own: `import()` of the package would load all of it.
export { processDiscoveryResponse } from 'oauth4webapi';
