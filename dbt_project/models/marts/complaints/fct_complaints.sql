with cases as (
    select * from {{ ref('int_complaints__cases') }}
),

grades as (
    select * from {{ ref('int_complaints__grades') }}
),

loop as (
    select * from {{ ref('int_complaints__loop') }}
),

final as (
    select
        cases.ticket_id as complaint_id,
        cases.ticket_id,
        cases.customer_key,
        cases.received_at,
        cases.received_date,
        cases.category,
        grades.grade,
        grade_names.name_en as grade_en,
        grade_names.name_zh as grade_zh,
        grades.rule_code as grade_rule,
        rules.reason_en as grade_reason_en,
        rules.reason_zh as grade_reason_zh,
        grade_names.owner_role,
        severities.severity,
        cases.channel,
        cases.product,
        cases.team,
        cases.employee_id,
        cases.is_vip,
        cases.is_repeated,
        grades.spread_customers,
        grades.usual_customers,
        grades.times_usual,
        {{ steady('worth.value_cents') }} as value_cents,
        grades.value_exposed_cents,
        loop.state,
        loop.acknowledged_at,
        loop.planned_at,
        loop.solved_at,
        loop.verified_at,
        loop.acknowledging_minutes,
        loop.planning_minutes,
        loop.solving_minutes,
        loop.is_golden_breached,
        loop.is_golden_decided,
        loop.is_plan_breached,
        loop.is_plan_decided,
        tickets.is_reopened
    from cases
    inner join grades on cases.ticket_id = grades.ticket_id
    inner join loop on cases.ticket_id = loop.ticket_id
    inner join {{ ref('int_complaints__values') }} as worth on cases.ticket_id = worth.ticket_id
    inner join {{ ref('fct_tickets') }} as tickets on cases.ticket_id = tickets.ticket_id
    inner join {{ ref('complaint_grades') }} as grade_names on grades.grade = grade_names.grade
    inner join {{ ref('complaint_grading_rules') }} as rules on grades.rule_code = rules.rule_code
    inner join {{ ref('complaint_severities') }} as severities on cases.severity_rank = severities.severity_rank
)

select * from final
