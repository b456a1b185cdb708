import type { Resources } from '../shapes/contract.ts'
import { booleans, integers, numbers, stamps, text } from '../shapes/keys.ts'

/** Legal aid rates of England and Wales. */
export const rates = {
  lauk_civil_certificated_rates: {
    read: {
      ...stamps,
      ...text('activity activity_sub_category activity_type category_of_law court exceptional_warning'),
      ...text('fee_scheme key number_of_clients party post_transfer_clients_represented rate_type region'),
      ...text('session_type user_type'),
      ...numbers('exceptional fee'),
      ...booleans('attended_several_hearings_for_multiple_clients change_of_solicitor eligible_for_sqm'),
      ...booleans('first_conducting_solicitor'),
    },
    list: {
      ...text('activity activity_sub_category category_of_law court fee_scheme key number_of_clients'),
      ...text('party post_transfer_clients_represented rate_type region session_type user_type'),
      ...booleans('attended_several_hearings_for_multiple_clients change_of_solicitor eligible_for_sqm'),
      ...booleans('first_conducting_solicitor'),
    },
  },
  lauk_civil_controlled_rates: {
    read: {
      ...stamps,
      ...text('activity activity_type category_of_law fee_scheme key rate_type region'),
      ...numbers('exceptional fee'),
    },
    list: { ...text('activity category_of_law key rate_type region'), ...integers('matter_type_1 matter_type_2') },
  },
  lauk_criminal_controlled_rates: {
    read: {
      ...stamps,
      ...text('activity activity_type category_of_law counsel court fee_scheme key rate_type region'),
      ...text('solicitor_type'),
      ...numbers('exceptional fee post_nov_24_exceptional post_nov_24_fee post_sept_22_exceptional'),
      ...numbers('post_sept_22_fee'),
    },
    list: {
      ...text('activity category_of_law counsel court key rate_type region solicitor_type'),
      ...text('standard_fee_category'),
    },
  },
  lauk_expense_categories: {
    read: { ...stamps, ...text('key name'), ...booleans('certificated civil criminal'), rate: 'number' },
    list: text('key name practice_area region!'),
  },
} satisfies Resources
