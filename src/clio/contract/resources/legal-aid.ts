import type { Shape } from '../shapes/contract.ts'
import { booleans, dates, integers, numbers, stamps, text } from '../shapes/keys.ts'

/** Legal aid in England and Wales: what Clio answers inside matters, bills, activities and contacts. */

export const legalAidUkMatter: Shape = {
  ...stamps,
  ...text('access_point bill_ho_ucn case_reference category_as_string certificate_number'),
  ...text('certificate_scope client_equal_opportunity_monitoring clr_total_profit_costs cost_limit'),
  ...text('court_id_code delivery_location dscc_number exceptional_case_funding_reference'),
  ...text('expense_limit irc_surgery laa_office_number legacy_case legal_representation_number'),
  ...text('lh_start_date lh_total_disbursements lh_total_profit_costs local_authority_number maat_id'),
  ...text('matter_type_1_code matter_type_1_title matter_type_2_code matter_type_2_title'),
  ...text('matter_type_code matter_types_combined police_station postal_application_accepted'),
  ...text('prior_authority_reference prison_law_prior_approval_number procurement_area'),
  ...text('related_claims_number schedule_reference_number scheme_id type_of_service ucn ufn'),
  ...integers('ait_hearing_centre bill_number_of_attendances bill_outcome_for_the_client_code'),
  ...integers('bill_stage_reached_code category certification_type client_type counsel court court_id'),
  ...integers('fee_scheme linked_matter_id matter_type matter_type_1 matter_type_2 number_of_clients'),
  ...integers('number_of_clients_seen_at_surgery party post_transfer_clients_represented prison_id region'),
  ...integers('session_type solicitor_type standard_fee_category surgery_clients'),
  ...integers('surgery_clients_resulting_in_a_legal_help_matter_opened type_of_advice user_type'),
  ...booleans('attended_several_hearings_acting_for_multiple_clients change_of_solicitor duty_solicitor'),
  ...booleans('first_conducting_solicitor undesignated_area_court youth_court'),
  ...dates('case_start_date certificate_effective_date certificate_expiration_date clr_start_date'),
  ...dates('representation_order_date surgery_date transfer_date'),
}

export const legalAidUkBill: Shape = {
  ...text('adjourned_hearing_fee cla_exemption_code cla_reference cost_of_counsel court_location'),
  ...text('detention_travel_and_waiting_costs exceptional_case_funding_reference'),
  ...text('independent_medical_reports_claimed jr_form_filling maat_id mht_ref_no'),
  ...text('niat_disbursement_prior_authority_number prior_authority_reference value_of_costs'),
  ...integers('advice_time bill_type case_stage_level cmrh_oral cmrh_telephone costs_are_those_of'),
  ...integers('designated_accredited_representative exemption_criteria_satisfied follow_on_work'),
  ...integers('ho_interview ho_ucn id meetings_attended number_of_attendances outcome_for_the_client'),
  ...integers('profit_costs_ex_vat stage_reached substantive_hearing travel_time waiting_time'),
  ...numbers('advocacy_costs disbursements_vat net_disbursements net_profit_costs'),
  ...numbers('travel_and_waiting_costs'),
  ...dates('case_concluded date_of_claim representation_order_date'),
  additional_travel_payment: 'boolean',
}

export const legalAidUkActivity: Shape = {
  ...text('activity_sub_category bolt_ons bolt_ons_summary json_key'),
  ...integers('advocacy court expert form_of_civil_legal_service id region user_type'),
  ...numbers('base_rate uplift'),
  ...booleans('eligible_for_sqm is_custom_rate tax_exclusive'),
}

export const legalAidUkContact: Shape = {
  ...text('disability_code ethnicity_title gender_title national_insurance_number'),
  ...integers('disability ethnicity gender id'),
  financially_eligible: 'boolean',
}
