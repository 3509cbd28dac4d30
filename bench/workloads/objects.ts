import { expectSame, scaled, type Workload } from './workload.js';

interface Order {
  id: number;
  customer: string;
  price: number;
  quantity: number;
}
interface Invoice {
  id: number;
  label: string;
  total: number;
  isLarge: boolean;
}

const ITEMS = 200_000;

function invoiceOf({ id, customer, price, quantity }: Order): Invoice {
  const total = price * quantity * 1.2;
  return { id, label: `${customer}#${id}`, total, isLarge: total > 500 };
}

export const objects: Workload<Order, Invoice, undefined> = {
  title: 'Small objects',
  note: `${ITEMS.toLocaleString('en')} objects of four properties in, as many out`,
  batchItems: 10_000,
  makeContext: () => undefined,
  makeItems: (scale) =>
    Array.from({ length: scaled(ITEMS, scale) }, (_, id) => ({
      id,
      customer: `customer ${id % 1000}`,
      price: (id % 977) / 4,
      quantity: id % 9,
    })),
  apply: invoiceOf,
  check: (results, items) => {
    expectSame('number of results', 0, results.length, items.length);
    for (const [i, item] of items.entries()) {
      const expected = invoiceOf(item);
      for (const key of Object.keys(expected) as (keyof Invoice)[]) {
        expectSame(`result.${key}`, i, results[i]?.[key], expected[key]);
      }
    }
  },
};
