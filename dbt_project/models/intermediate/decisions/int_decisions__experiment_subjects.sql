{#- A customer belongs to the arm of the first assignment. A customer who was ever assigned to the other arm too is
    contaminated. -#}
with interventions as (
    select * from {{ ref('stg_crm__interventions') }}
    where experiment_id is not null and assigned_at < {{ as_of_timestamp() }}
),

customer_keys as (
    select * from {{ ref('int_identity__customer_keys') }}
),

experiments as (
    select * from {{ ref('experiments') }}
    where company = '{{ var("company", "demo") }}'
),

assignments as (
    select
        interventions.experiment_id,
        customer_keys.customer_key,
        interventions.assigned_at,
        interventions.intervention_id,
        case when interventions.arm in ('control', 'holdout') then 'control' else 'treatment' end as arm
    from interventions
    inner join customer_keys on interventions.customer_id = customer_keys.customer_id
    where interventions.arm is not null
),

first_assignments as (
    select
        experiment_id,
        customer_key,
        min(assigned_at) as assigned_at,
        {{ value_at_min('arm', event_order('assigned_at', 'intervention_id')) }} as arm,
        count(distinct arm) > 1 as is_contaminated
    from assignments
    group by experiment_id, customer_key
),

final as (
    select
        experiments.experiment_id,
        experiments.metric,
        first_assignments.customer_key,
        first_assignments.arm,
        {{ to_date('first_assignments.assigned_at') }} as assigned_on,
        first_assignments.assigned_at,
        {{ timestamp_add_days('first_assignments.assigned_at', 'experiments.outcome_days') }} as outcome_until,
        {{ timestamp_add_days('first_assignments.assigned_at', 'experiments.outcome_days') }} <= {{ as_of_timestamp() }} as is_mature,
        first_assignments.is_contaminated
    from first_assignments
    inner join experiments on first_assignments.experiment_id = experiments.experiment_id
)

select * from final
