import { useNetwork } from '../api/network';

/** Name of a number where the network knows it, else the number. */
export function useNames(): (number: string | undefined) => string {
  const { data } = useNetwork();
  const people = data?.participants.flatMap((one) => one.people) ?? [];
  return (number) => people.find((person) => person.number === number)?.name ?? number ?? '–';
}
