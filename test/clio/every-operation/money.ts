import type { JsonObject } from '../../../src/lib/json.ts'
import type { Firm } from '../clio.ts'
import { everything, idIn, type Operation, search } from './operation.ts'

/** Time, expenses, and the bills that come of them. */

const fields = 'id,type,date,quantity,price,note,matter{id,description}'

const time = everything({
  resource: 'activities',
  kind: 'a TimeEntry',
  fields,
  list: { type: 'TimeEntry' },
  listed: ({ type }) => type === 'TimeEntry',
  create: {
    zapier: 'Create Time Entry',
    with: {
      type: 'TimeEntry',
      date: '2026-10-14',
      quantity: '1h 30m',
      note: 'First meeting',
      matter: '00001-Alvarez',
      user: 'sam@smith.example',
      activity_description: 'Consultation',
    },
    calls: ['GET matters', 'GET users', 'GET activity_descriptions', 'POST activities'],
    stands: firm => ({
      type: 'TimeEntry',
      quantity: 5400,
      matter: idIn(firm, 'matters', '00001-Alvarez'),
      user: idIn(firm, 'users', 'sam@smith.example'),
      activity_description: idIn(firm, 'activity_descriptions', 'Consultation'),
    }),
  },
  update: {
    with: { quantity: '2h', note: 'First meeting, and the way there' },
    calls: ['GET activities/#', 'PATCH activities/#'],
    stands: () => ({ type: 'TimeEntry', quantity: 7200, note: 'First meeting, and the way there' }),
  },
})

/** Costs are counted in pieces and money, not in seconds. */
const cost = (type: string, category: string | null, zapier?: string): Operation[] =>
  everything({
    resource: 'activities',
    kind: type === 'ExpenseEntry' ? 'an ExpenseEntry' : `a ${type}`,
    fields,
    list: { type },
    listed: record => record.type === type,
    create: {
      ...(zapier && { zapier }),
      with: {
        type,
        date: '2026-10-14',
        quantity: 2,
        price: 17.5,
        note: 'Copies',
        matter: '00001-Alvarez',
        vendor: 'Harbor Freight Partners',
        ...(category && { expense_category: category }),
      },
      calls: ['GET matters', 'GET contacts', ...(category ? ['GET expense_categories'] : []), 'POST activities'],
      stands: firm => ({
        type,
        quantity: 2,
        price: 17.5,
        matter: idIn(firm, 'matters', '00001-Alvarez'),
        vendor: idIn(firm, 'contacts', 'Harbor Freight Partners'),
        ...(category && { expense_category: idIn(firm, 'expense_categories', category) }),
      }),
    },
    update: {
      with: { price: 20, non_billable: true },
      calls: ['GET activities/#', 'PATCH activities/#'],
      stands: () => ({ type, quantity: 2, price: 20, non_billable: true }),
    },
  })

/** Bills are made in Clio; what a rule may do is to find, change, and void them. */
const billed = async (firm: Firm): Promise<JsonObject> => {
  const { id } = firm.sandbox.account('smith').insert('bills', {
    number: '42',
    issued_at: '2026-10-01',
    due_at: '2026-10-31',
    total: 480,
    balance: 480,
    state: 'awaiting_payment',
    client: idIn(firm, 'contacts', 'Maria Alvarez'),
    matters: [idIn(firm, 'matters', '00001-Alvarez')],
  })
  return { record: id }
}

const bill = everything({
  resource: 'bills',
  before: billed,
  fields: 'id,number,issued_at,due_at,total,balance,state',
  update: {
    with: { due_at: '2026-11-30', state: 'paid' },
    calls: ['GET bills/#', 'PATCH bills/#'],
    stands: () => ({ due_at: '2026-11-30', state: 'paid', number: '42' }),
  },
})

const activityDescription = everything({
  resource: 'activity_descriptions',
  fields: 'id,name,visible_to_co_counsel',
  create: {
    with: { name: 'Research', visible_to_co_counsel: true },
    calls: ['POST activity_descriptions'],
    stands: () => ({ name: 'Research', visible_to_co_counsel: true }),
  },
  update: {
    with: { name: 'Legal research' },
    calls: ['GET activity_descriptions/#', 'PATCH activity_descriptions/#'],
    stands: () => ({ name: 'Legal research' }),
  },
})

const expenseCategory = everything({
  resource: 'expense_categories',
  fields: 'id,name,rate,entry_type',
  create: {
    with: { name: 'Postage', entry_type: 'soft_cost', rate: 1.2 },
    calls: ['POST expense_categories'],
    stands: () => ({ name: 'Postage', entry_type: 'soft_cost', rate: 1.2 }),
  },
  update: {
    with: { rate: 1.5 },
    calls: ['GET expense_categories/#', 'PATCH expense_categories/#'],
    stands: () => ({ name: 'Postage', rate: 1.5 }),
  },
})

export const money: readonly Operation[] = [
  ...time,
  ...cost('ExpenseEntry', 'Travel', 'Create Expense Entry'),
  ...cost('HardCostEntry', 'Filing fee'),
  ...cost('SoftCostEntry', null),
  ...bill,
  search(
    'bills',
    'find by client and state',
    { client_id: 'Maria Alvarez', state: 'awaiting_payment' },
    ['GET contacts', 'GET bills'],
    () => ({ number: '42', balance: 480 }),
    { zapier: 'Find Bill', before: billed },
  ),
  ...activityDescription,
  ...expenseCategory,
]
