import { loadPublished, type Published } from './copies.ts';
import { discoveryAddress, readMetadata, requestMetadata, type Metadata } from './discovery.ts';
import { keep, type Kept } from './kept.ts';
import type { Keys } from './keys.ts';
import { remoteKeys } from './remote-keys.ts';

/** An OpenID provider: what it says about itself, and its keys. Both are loaded when needed. */
export type Provider = { metadata: Kept<Metadata>; keys: Keys };

export function createProvider(issuer: string): Provider {
  const document: Published<Metadata> = {
    address: discoveryAddress(issuer),
    request: async () => requestMetadata(issuer),
    read: async (answer) => readMetadata(issuer, answer),
  };
  const metadata = keep(
    async (now, newer) => loadPublished(document, now, newer),
    `No discovery document of ${issuer}`,
  );
  const keys = remoteKeys(async (now) => new URL((await metadata.at(now)).jwks_uri));
  return { metadata, keys };
}
