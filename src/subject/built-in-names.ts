/** What the built-in subjects are called, the usual one first. Apart from them, for who only names them. */
export const BUILT_IN_NAMES = ['audit-chain', 'hardened'] as const;
