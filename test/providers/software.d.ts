// What the tests use of packages that are installed for them alone (tsconfig.json leads here): types
// are checked before the packages are installed, and theirs would bring those of browsers.

type Handler = (request: Request) => Promise<Response>;

// better-auth
export function betterAuth(options: Record<string, unknown>): { handler: Handler };
export function memoryAdapter(tables: Record<string, Record<string, unknown>[]>): unknown;

// @auth/core
export function Auth(request: Request, config: Record<string, unknown>): Promise<Response>;
export function encode(options: {
  token: object;
  secret: string;
  salt: string;
  maxAge?: number;
}): Promise<string>;
export default function Credentials(options: Record<string, unknown>): unknown;

// @supabase/ssr
type Cookie = { name: string; value: string };
type Result = { error: Error | null };
export function createServerClient(
  url: string,
  key: string,
  options: {
    cookies: {
      getAll: () => Cookie[];
      setAll: (written: (Cookie & { options: Record<string, unknown> })[]) => void;
      encode?: string;
    };
    cookieEncoding?: string;
  },
): {
  auth: {
    signInWithPassword(credentials: Record<string, unknown>): Promise<Result>;
    signOut(): Promise<Result>;
  };
};
