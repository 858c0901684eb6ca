with waves as (
    select * from {{ ref('int_employees__team_waves') }}
),

customers as (
    select * from {{ ref('int_employees__team_customers') }}
),

final as (
    select
        {{ as_of_date() }} as as_of,
        waves.team,
        waves.survey_month,
        waves.question_code,
        cast(waves.respondent_count as bigint) as respondent_count,
        waves.employee_score,
        {{ mean_end('waves.employee_score', 'waves.answer_deviation', 'waves.respondent_count', '-') }} as employee_score_low,
        {{ mean_end('waves.employee_score', 'waves.answer_deviation', 'waves.respondent_count', '+') }} as employee_score_high,
        waves.respondent_count >= {{ threshold('employees', 'minimum_respondents') }} as is_employee_score_reportable,
        customers.is_complete,
        cast(customers.csat_count as bigint) as csat_count,
        customers.csat,
        {{ mean_end('customers.csat', 'customers.csat_deviation', 'customers.csat_count', '-') }} as csat_low,
        {{ mean_end('customers.csat', 'customers.csat_deviation', 'customers.csat_count', '+') }} as csat_high,
        cast(customers.resolved_count as bigint) as resolved_count,
        {{ steady(ratio('customers.first_contact_count', 'customers.resolved_count')) }} as first_contact_share,
        {{ wilson_low('customers.first_contact_count', 'customers.resolved_count') }} as first_contact_low,
        {{ wilson_high('customers.first_contact_count', 'customers.resolved_count') }} as first_contact_high,
        cast(customers.customer_count as bigint) as customer_count,
        customers.revenue_cents,
        {{ mean_end('customers.revenue_cents', 'customers.revenue_deviation', 'customers.customer_count', '-') }}
            as revenue_low_cents,
        {{ mean_end('customers.revenue_cents', 'customers.revenue_deviation', 'customers.customer_count', '+') }}
            as revenue_high_cents,
        customers.csat_count >= {{ threshold('shared', 'minimum_sample') }} as is_reportable
    from waves
    inner join customers on waves.team = customers.team and waves.survey_month = customers.survey_month
)

select * from final
