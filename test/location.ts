const open = caches.open.bind(caches);
let number = 0;

/** Begins with an empty cache: from here on, nobody has been at this location of Cloudflare's. */
export function moveToNewLocation(): void {
  number += 1;
}

/** Gives each location a cache of its own, under the names that the Worker uses. */
export function installLocations(): void {
  Object.defineProperty(caches, 'open', {
    configurable: true,
    value: async (name: string) => open(`${name} at location ${number}`),
  });
}
