with cases as (
    select * from {{ ref('int_complaints__cases') }}
),

rules as (
    select
        rules.*,
        grades.grade_rank,
        severities.severity_rank
    from {{ ref('complaint_grading_rules') }} as rules
    inner join {{ ref('complaint_grades') }} as grades on rules.grade = grades.grade
    left join {{ ref('complaint_severities') }} as severities on rules.severity = severities.severity
),

met_rules as (
    select
        cases.ticket_id,
        spread.spread_customers,
        spread.usual_customers,
        spread.times_usual,
        spread.value_exposed_cents,
        rules.rule_code,
        rules.grade,
        row_number() over (
            partition by cases.ticket_id order by rules.grade_rank desc, rules.customers_from desc, rules.rule_code asc
        ) as rule_rank
    from cases
    inner join {{ ref('int_complaints__spread') }} as spread
        on cases.category = spread.category and cases.received_date = spread.received_date
    cross join rules
    where
        spread.spread_customers >= rules.customers_from
        and (rules.times_usual_from is null or spread.times_usual >= rules.times_usual_from)
        and (rules.channel is null or cases.channel = rules.channel)
        and (rules.severity_rank is null or cases.severity_rank >= rules.severity_rank)
        and (rules.value_exposed_cents_from is null or spread.value_exposed_cents >= rules.value_exposed_cents_from)
),

final as (
    select
        ticket_id,
        grade,
        rule_code,
        spread_customers,
        usual_customers,
        times_usual,
        value_exposed_cents
    from met_rules
    where rule_rank = 1
)

select * from final
