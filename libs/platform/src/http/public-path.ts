/** Path of a role's PUBLIC_URL, without a slash at its end; empty if it has none. */
export function pathOfPublicUrl(publicUrl: string): string {
  return new URL(publicUrl).pathname.replace(/\/+$/, '');
}

/**
 * The path of a role's PUBLIC_URL. A proxy in front of the role may take it off or leave it: both are served, and so is
 * the role without a proxy.
 */
export class PublicPath {
  /** `/bank1`, or empty. */
  private readonly prefix: string;
  /** Base paths with a slash before them. */
  private readonly bases: readonly string[];

  /** @param basePaths as in the role's definition */
  constructor(publicUrl: string, basePaths: readonly string[]) {
    this.prefix = pathOfPublicUrl(publicUrl);
    this.bases = basePaths.filter((path) => path !== '').map((path) => `/${path}`);
  }

  /** Path and query of a request as the routes have them. */
  inside(url: string): string {
    if (!isBelow(url, this.prefix)) return url;
    const rest = url.slice(this.prefix.length).replace(/^(?!\/)/, '/');
    // Where the prefix looks like a base path, a path with a single one was taken off by a proxy already.
    const isOwnPath = this.bases.some((base) => isBelow(url, base)) && !this.bases.some((base) => isBelow(rest, base));
    return isOwnPath ? url : rest;
  }
}

function isBelow(url: string, path: string): boolean {
  return url.startsWith(path) && (url.length === path.length || /[/?]/.test(url[path.length]!));
}
