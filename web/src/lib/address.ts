// An address as a form takes it, and as one text for the letter: the shop keeps it in its vault and nowhere else.
import { country_name } from './countries';

export interface Address {
  street: string;
  postcode: string;
  town: string;
  country: string;
}

export const no_address = (): Address => ({ street: '', postcode: '', town: '', country: '' });

export const is_whole = (address: Address): boolean =>
  [address.street, address.postcode, address.town, address.country].every((part) => part.trim() !== '');

/** The lines of the label: who, street, postcode and town, country. */
export function label_of(name: string, address: Address): string {
  const { street, postcode, town, country } = address;
  const lines = [name, street, `${postcode.trim()} ${town.trim()}`, country_name(country)];
  return lines.map((line) => line.trim()).join('\n');
}
