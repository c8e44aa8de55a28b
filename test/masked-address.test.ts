import { describe, expect, it } from 'vitest';
import { maskEmail } from '../src/pages/mask.ts';

describe('a masked address', () => {
  it.each([
    ['ada@example.com', 'a•••@example.com'],
    ['a@example.com', '•••@example.com'],
    ['jo@example.com', 'j•••@example.com'],
    ['lovelace@example.com', 'l•••e@example.com'],
    ['"odd@one"@example.com', '"•••"@example.com'],
    ['🦊🐻🐼🐨@example.com', '🦊•••🐨@example.com'],
    ['nobody', '•••'],
    ['@example.com', '•••'],
  ])('of %s is %s', (email, masked) => expect(maskEmail(email)).toBe(masked));

  it.each([
    ['alice@example.com', 'anne@example.com', 'al•••e@example.com'],
    ['anne@example.com', 'alice@example.com', 'an•••e@example.com'],
    ['alice@example.com', 'ALICE@example.com', 'a•••e@example.com'],
    ['alice@example.com', 'alice@example.org', 'a•••e@example.com'],
    ['ann@example.com', 'anna@example.com', 'ann@example.com'],
  ])('of %s beside %s is %s, so that they differ', (email, other, masked) => {
    expect(maskEmail(email, other)).toBe(masked);
  });
});
