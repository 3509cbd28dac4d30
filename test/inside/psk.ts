const psk = Buffer.from('a key that both sides know beforehand');
const common = { ciphers: 'PSK-AES128-GCM-SHA256', maxVersion: 'TLSv1.2' } as const;

/** TLS by a shared key: no certificate is needed. */
export const PSK = {
  server: { ...common, pskCallback: () => psk },
  client: {
    ...common,
    pskCallback: () => ({ psk, identity: 'test' }),
    checkServerIdentity: () => undefined,
  },
};
