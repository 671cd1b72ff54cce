import { BlockList, isIP, isIPv6 } from 'node:net';
import { StartupError } from '../settings/settings.js';

const IPV4_IN_IPV6 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;
const UNKNOWN = 'unknown';
/** Proxies that one request passes. */
const FORWARDED_MAX = 8;

/** Where a request came from, as far as it can be seen. */
export interface Arrival {
  socket: { remoteAddress?: string | undefined };
  headers: Record<string, string | string[] | undefined>;
}

/**
 * Reads a list of addresses and subnets, for example `10.0.0.5,10.1.0.0/16,fd00::/8`.
 * @throws StartupError when one of them is neither.
 */
export function addressList(text: string): BlockList {
  const list = new BlockList();
  for (const entry of text.split(',').map((part) => part.trim())) {
    if (entry === '') continue;
    const [address = '', prefix] = entry.split('/');
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    const bits = prefix === undefined ? undefined : Number(prefix);
    const isRight = isIP(address) && (bits === undefined || (bits >= 0 && bits <= (family === 'ipv6' ? 128 : 32)));
    if (!isRight) throw new StartupError(`${JSON.stringify(entry)} is neither an IP address nor a subnet`);
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, bits, family);
  }
  return list;
}

/**
 * The address a request came from: the peer's or, where the peer is a trusted proxy, the last one in `X-Forwarded-For`
 * that is none itself. An IPv6 address is given as its /64, which is what one subscriber of a provider gets.
 */
export function clientAddress({ socket, headers }: Arrival, trustedProxies: BlockList): string {
  let address = plain(socket.remoteAddress ?? UNKNOWN);
  const forwarded = [headers['x-forwarded-for'] ?? []].flat().join(',').split(',');
  while (isTrusted(address, trustedProxies)) {
    const before = plain(forwarded.pop()?.trim() ?? '');
    if (!isIP(before)) break;
    address = before;
  }
  return isIPv6(address) ? networkOf(address) : address;
}

/** `X-Forwarded-For` of a request that is passed on: what it came with, and where it came from. */
export function forwardedFor({ socket, headers }: Arrival): string {
  const before = [headers['x-forwarded-for'] ?? []].flat().join(',').split(',');
  const addresses = [...before, socket.remoteAddress ?? UNKNOWN].map((address) => address.trim()).filter(Boolean);
  return addresses.slice(-FORWARDED_MAX).join(', ');
}

function plain(address: string): string {
  return (IPV4_IN_IPV6.exec(address)?.[1] ?? address).replace(/%.*$/, '');
}

function isTrusted(address: string, proxies: BlockList): boolean {
  const family = isIP(address);
  return family !== 0 && proxies.check(address, family === 6 ? 'ipv6' : 'ipv4');
}

/** The first 64 bits of an IPv6 address. */
function networkOf(address: string): string {
  const [head = '', tail] = address.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  const groups = [...before, ...Array.from({ length: zeros }, () => '0'), ...after];
  const network = groups.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16));
  return `${network.join(':')}::/64`;
}
