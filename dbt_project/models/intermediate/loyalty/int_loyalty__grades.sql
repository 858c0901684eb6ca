{{ config(materialized='view') }}
{%- set month = month_of(as_of_date()) -%}
{%- set grades = [
    ('previous', add_months(month, -1)), ('present', month), ('tonight', as_of_date()),
    ('next_1', add_months(month, 1)), ('next_2', add_months(month, 2)), ('next_3', add_months(month, 3)),
] -%}
-- Future gradings include the fees of running contracts, but only purchases made before as_of.
-- noqa: disable=LT02,LT05
with grades as (
    {% for grade, graded_on in grades -%}
    select '{{ grade }}' as grade, {{ graded_on }} as graded_on, {{ add_months(graded_on, -12) }} as counts_from
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

purchases as (
    select
        customer_key,
        {% for grade, graded_on in grades -%}
        sum(case
            when order_date >= {{ add_months(graded_on, -12) }} and order_date < {{ graded_on }} then gross_cents - refund_cents
        end) as {{ grade }}_cents{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('int_features__order_days') }}
    group by customer_key
),

purchases_by_grade as (
    {% for grade, graded_on in grades -%}
    select customer_key, '{{ grade }}' as grade, coalesce({{ grade }}_cents, 0) as spend_cents from purchases
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

charges as (
    select
        customer_key,
        monthly_price_cents,
        {{ to_date('greatest(valid_from, started_at)') }} as charged_from,
        {{ to_date('coalesce(least(valid_to, cancelled_at), valid_to, cancelled_at)') }} as charged_until
    from {{ ref('int_subscription_versions') }}
    where customer_key is not null and monthly_price_cents is not null
),

fees_by_grade as (
    select
        charges.customer_key,
        grades.grade,
        sum(
            charges.monthly_price_cents * 12 / 365.0 * greatest({{ days_between(
                'greatest(charges.charged_from, grades.counts_from)',
                'least(coalesce(charges.charged_until, grades.graded_on), grades.graded_on)'
            ) }}, 0)
        ) as spend_cents
    from charges
    cross join grades
    group by charges.customer_key, grades.grade
),

spend as (
    select * from purchases_by_grade
    union all
    select * from fees_by_grade
),

final as (
    select
        spend.customer_key,
        spend.grade,
        max(grades.graded_on) as graded_on,
        greatest(round(cast(sum(spend.spend_cents) as double), 0), 0) as spend_cents
    from spend
    inner join grades on spend.grade = grades.grade
    group by spend.customer_key, spend.grade
)

select * from final
