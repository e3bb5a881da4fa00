// Is it an address that a letter could reach? Only its form; the shop and the letter decide.
export const is_email = (text: string): boolean => /^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(text.trim());
