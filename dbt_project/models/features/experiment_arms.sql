with experiments as (
    select * from {{ ref('experiments') }}
),

subjects as (
    select * from {{ ref('int_decisions__experiment_subjects') }}
),

outcomes as (
    select * from {{ ref('int_decisions__experiment_outcomes') }}
    where value is not null
),

assigned as (
    select
        experiment_id,
        arm,
        count(*) as assigned_count,
        sum(case when is_contaminated then 1 else 0 end) as contaminated_count,
        min(assigned_on) as first_assigned_on,
        max(assigned_on) as last_assigned_on
    from subjects
    group by experiment_id, arm
),

measured as (
    select
        experiment_id,
        arm,
        count(*) as measured_count,
        sum(value) as value_sum,
        sum(value * value) as value_square_sum
    from outcomes
    group by experiment_id, arm
),

final as (
    select
        {{ as_of_date() }} as as_of,
        assigned.experiment_id,
        assigned.arm,
        experiments.metric,
        experiments.metric in ('lost', 'tickets') as is_share,
        experiments.is_higher_better,
        experiments.treatment_share,
        experiments.smallest_effect,
        {{ add_days('experiments.planned_end_on', 'experiments.outcome_days') }} < {{ as_of_date() }} as is_over,
        cast(assigned.assigned_count as bigint) as assigned_count,
        cast(assigned.contaminated_count as bigint) as contaminated_count,
        assigned.first_assigned_on,
        assigned.last_assigned_on,
        cast(coalesce(measured.measured_count, 0) as bigint) as measured_count,
        {{ steady('coalesce(measured.value_sum, 0)') }} as value_sum,
        {{ steady('coalesce(measured.value_square_sum, 0)') }} as value_square_sum
    from assigned
    inner join experiments on assigned.experiment_id = experiments.experiment_id
    left join measured on assigned.experiment_id = measured.experiment_id and assigned.arm = measured.arm
)

select * from final
