import type { Shape } from './contract.ts'
import { booleans, dates, integers, numbers, stamps, text, times } from './keys.ts'
import { billState, billStep, entry, paymentState, taxSetting } from './words.ts'

/** What time, bills and payments look like inside another record. */

export const bill: Shape = {
  ...stamps,
  ...text('discount_services_only memo number purchase_order subject'),
  ...integers('secondary_taxable_sub_total services_secondary_taxable_sub_total'),
  ...integers('services_taxable_sub_total taxable_sub_total'),
  ...numbers('balance credits_issued due paid pending secondary_tax_rate secondary_tax_sum'),
  ...numbers('services_secondary_tax services_sub_total services_tax sub_total tax_rate tax_sum total'),
  ...numbers('total_tax'),
  ...booleans('can_update shared'),
  ...dates('due_at end_at issued_at start_at'),
  ...times('last_sent_at paid_at'),
  kind: 'revenue_kind|summary_kind|trust_kind|aggregate_all|aggregate_split|aggregate_services|aggregate_expenses',
  state: billState,
  type: 'MatterBill|ClientBill',
  available_state_transitions: [billStep],
}

export const bankAccount: Shape = {
  ...stamps,
  ...text('account_number clio_payment_page_link clio_payment_page_qr_code currency currency_symbol'),
  ...text('domicile_branch general_ledger_number holder institution name swift transit_number'),
  ...numbers('balance currency_id'),
  ...booleans('clio_payments_enabled controlled_account default_account'),
  bank_transactions_count: 'integer',
  type: 'Operating|Trust',
}

export const activity: Shape = {
  ...stamps,
  ...text('note reference'),
  ...numbers('non_billable_total price quantity quantity_in_hours rounded_quantity'),
  ...numbers('rounded_quantity_in_hours total'),
  ...booleans('billed contingency_fee flat_rate no_charge non_billable on_bill quantity_redacted'),
  currency: 'json',
  date: 'date',
  tax_setting: taxSetting,
  type: entry,
}

export const activityDescription: Shape = {
  ...stamps,
  ...text('category_type name type utbms_task_name xero_service_code'),
  ...integers('utbms_activity_id utbms_task_id'),
  ...booleans('accessible_to_user default visible_to_co_counsel'),
  currency: 'json',
}

export const utbmsCode: Shape = {
  ...stamps,
  ...text('code description name'),
  type: 'UtbmsTask|UtbmsExpense|UtbmsActivity',
  utbms_set_id: 'integer',
}

export const allocation: Shape = {
  ...stamps,
  ...text('description payment_type'),
  ...booleans('destroyable has_online_payment interest'),
  amount: 'number',
  date: 'date',
  voided_at: 'time',
}

export const activityRate: Shape = {
  ...stamps,
  ...integers('co_counsel_contact_id contact_id'),
  flat_rate: 'boolean',
  rate: 'number',
}

export const currency: Shape = { ...stamps, ...text('code sign') }

export const discount: Shape = {
  ...integers('early_payment_period early_payment_rate'),
  note: 'text',
  rate: 'number',
  type: 'percentage|money',
}

export const balance: Shape = { ...numbers('amount due interest_amount'), id: 'integer', type: 'Matter|Client' }

export const accountBalance: Shape = { ...text('name type'), ...integers('currency_id id'), balance: 'number' }

export const expenseCategory: Shape = {
  ...stamps,
  ...text('entry_type name tax_setting xero_expense_code'),
  accessible_to_user: 'boolean',
  currency: 'json',
  rate: 'integer',
}

export const timer: Shape = { ...stamps, elapsed_time: 'number', start_time: 'time' }

export const billableMatter: Shape = {
  ...text('currency_code display_number'),
  ...integers('currency_id id'),
  ...numbers('amount_in_trust unbilled_amount unbilled_hours'),
}

export const billTheme: Shape = { ...stamps, ...text('config name'), account_id: 'integer', default: 'boolean' }

export const billingSetting: Shape = {
  ...stamps,
  ...text('currency currency_sign secondary_tax_name tax_name'),
  ...numbers('rounded_duration secondary_tax_rate tax_rate'),
  ...booleans('apply_tax_by_default notify_after_bill_created'),
  ...booleans('time_on_flat_rate_contingency_matters_is_non_billable use_decimal_rounding'),
  ...booleans('use_secondary_tax use_utbms_codes'),
  rounding: 'integer',
  secondary_tax_rule: 'Pre|Post',
}

export const clioPaymentsPayment: Shape = {
  ...text('confirmation_number currency description email_address'),
  ...times('created_at updated_at'),
  amount: 'number',
  deposit_as_revenue: 'boolean',
  id: 'integer',
  state: paymentState,
}

export const bankTransaction: Shape = {
  ...stamps,
  ...text('confirmation currency description source transaction_type type'),
  ...integers('bank_account_id currency_id'),
  ...numbers('amount current_account_balance exchange_rate funds_in funds_out'),
  ...booleans('clio_payments_transaction read_only_confirmation'),
  date: 'date',
}

export const clioPaymentsLink: Shape = {
  ...text('currency description email_address etag redirect_url url'),
  ...booleans('active is_allocated_as_revenue'),
  ...times('created_at expires_at'),
  amount: 'number',
  id: 'integer',
}

export const grant: Shape = {
  ...stamps,
  ...text('balance funding_code funding_code_and_name funding_source_name name'),
  ...dates('end_date start_date'),
}
