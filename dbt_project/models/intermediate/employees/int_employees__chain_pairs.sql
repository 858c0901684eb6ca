{%- set outcomes = {'csat': 'csat', 'first_contact_resolution': 'first_contact_share', 'revenue': 'revenue_cents'} -%}
with board as (
    select * from {{ ref('employee_customer_board') }}
    where is_complete
),

final as (
    {%- for outcome, column in outcomes.items() %}
    select
        concat('employee_', question_code) as cause,
        '{{ outcome }}' as effect,
        team,
        survey_month,
        cast(employee_score as double) as cause_value,
        cast({{ column }} as double) as effect_value
    from board
    where employee_score is not null and {{ column }} is not null
    union all
    {%- endfor %}
    select
        'csat' as cause,
        'revenue' as effect,
        team,
        survey_month,
        cast(csat as double) as cause_value,
        cast(revenue_cents as double) as effect_value
    from board
    where question_code = 'all' and csat is not null and revenue_cents is not null
)

select * from final
