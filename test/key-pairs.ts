import { exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';

type Pair = { publicKey: CryptoKey; privateKey: CryptoKey };

const rsaKeys = new Map<string, Promise<[JWK, JWK]>>();

/**
 * Keys for this algorithm. Making RSA keys takes longer than most tests, so those of one owner are
 * the same ones in all files of a worker.
 */
export async function keyPairFor(algorithm: string, owner = 'the site'): Promise<Pair> {
  if (!/^[PR]S/.test(algorithm)) return generateKeyPair(algorithm, { extractable: true });
  const made = rsaKeys.get(owner) ?? makeRsaKeys();
  rsaKeys.set(owner, made);
  const [publicKey, privateKey] = await Promise.all(
    (await made).map(async (jwk) => importJWK(jwk, algorithm, { extractable: true })),
  );
  return { publicKey: publicKey as CryptoKey, privateKey: privateKey as CryptoKey };
}

async function makeRsaKeys(): Promise<[JWK, JWK]> {
  const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
  return Promise.all([exportJWK(publicKey), exportJWK(privateKey)]);
}
