import { BlockList, isIP, isIPv6 } from 'node:net';
import { StartupError } from '../settings/settings.js';

const IPV4_IN_IPV6 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;
const UNKNOWN = 'unknown';
/** Maximum of addresses read from `X-Forwarded-For`. */
const FORWARDED_MAX = 8;

/** The parts of a request that show its origin. */
export interface Arrival {
  socket: { remoteAddress?: string | undefined };
  headers: Record<string, string | string[] | undefined>;
}

/**
 * Parses a list of addresses and subnets, for example `10.0.0.5,10.1.0.0/16,fd00::/8`.
 * @throws StartupError if an entry is neither.
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
 * The address of the caller: that of the connection or, if it is a trusted proxy, the last address in `X-Forwarded-For`
 * that is not a trusted proxy. An IPv6 address is reduced to its /64, which a provider assigns to one subscriber.
 */
export function clientAddress({ socket, headers }: Arrival, trustedProxies: BlockList): string {
  let address = plainAddress(socket.remoteAddress ?? UNKNOWN);
  const forwarded = [headers['x-forwarded-for'] ?? []].flat().join(',').split(',');
  while (isTrusted(address, trustedProxies)) {
    const before = plainAddress(forwarded.pop()?.trim() ?? '');
    if (!isIP(before)) break;
    address = before;
  }
  return isIPv6(address) ? networkOf(address) : address;
}

/** `X-Forwarded-For` for a forwarded request: its own header with the address of the connection appended. */
export function forwardedFor({ socket, headers }: Arrival): string {
  const before = [headers['x-forwarded-for'] ?? []].flat().join(',').split(',');
  const addresses = [...before, socket.remoteAddress ?? UNKNOWN].map((address) => address.trim()).filter(Boolean);
  return addresses.slice(-FORWARDED_MAX).join(', ');
}

function plainAddress(address: string): string {
  return (IPV4_IN_IPV6.exec(address)?.[1] ?? address).replace(/%.*$/, '');
}

function isTrusted(address: string, proxies: BlockList): boolean {
  if (proxies.rules.length === 0) return false;
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
